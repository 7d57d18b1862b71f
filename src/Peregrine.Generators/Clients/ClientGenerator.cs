using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Peregrine.Generators.Clients;

/// <summary>
/// Writes a typed client for each additional file <c>NAME.mcp.json</c>, the contract of a server as <c>peregrine pull</c> prints it: <c>weather.mcp.json</c> gives <c>WeatherClient</c>
/// with a method for each tool. A file that cannot be read is an error where it is used.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ClientGenerator : IIncrementalGenerator
{
    private const string Ending = ".mcp.json";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var namespaceName = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var name) ? name : "");
        var contracts = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
            .Select(static (file, cancellationToken) => (Name: System.IO.Path.GetFileName(file.Path), Text: file.GetText(cancellationToken)?.ToString() ?? ""))
            .Collect()
            .SelectMany(static (files, _) => files.Select((file, index) => (file.Name, file.Text, Earlier: files.Take(index).FirstOrDefault(other => StemOf(other.Name).Equals(StemOf(file.Name), StringComparison.OrdinalIgnoreCase)).Name, Index: index)));
        context.RegisterSourceOutput(contracts.Combine(namespaceName), static (output, pair) =>
        {
            var (name, text, earlier, index) = pair.Left;
            var className = StemOf(name) + "Client";

            // The name of a generated file must be its own, and Roslyn takes no notice of capitals there; a class's may be declared twice, which says nothing of why.
            var (fileName, code) = earlier is null
                ? ($"{className}.g.cs", Emit(name, text, pair.Right, className))
                : ($"{className}{index.ToString(CultureInfo.InvariantCulture)}.g.cs", $"#error {name} and {earlier}: both would give {className}; rename one of the files\n");
            output.AddSource(fileName, SourceText.From(code, Encoding.UTF8));
        });
    }

    private static string StemOf(string fileName) => Identifiers.Pascal(fileName.Substring(0, fileName.Length - Ending.Length));

    private static string Emit(string fileName, string text, string namespaceName, string className)
    {
        try
        {
            return ClientEmitter.Emit(JsonParser.Parse(text), fileName, namespaceName, className);
        }
        catch (FormatException exception)
        {
            // Errors of the compiler need no rule of their own, and stand where the class would.
            return $"#error {fileName}: {exception.Message}\n";
        }
    }
}
