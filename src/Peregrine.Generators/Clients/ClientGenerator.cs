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
            .Select(static (file, cancellationToken) => (Name: System.IO.Path.GetFileName(file.Path), Text: file.GetText(cancellationToken)?.ToString() ?? ""));
        context.RegisterSourceOutput(contracts.Combine(namespaceName), static (output, pair) =>
        {
            var (name, text) = pair.Left;
            var stem = Identifiers.Pascal(name.Substring(0, name.Length - Ending.Length));
            output.AddSource($"{stem}Client.g.cs", SourceText.From(Emit(name, text, pair.Right, stem + "Client"), Encoding.UTF8));
        });
    }

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
