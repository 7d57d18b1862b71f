using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Server.Tools;

namespace Peregrine.Bench.Micro.Generating;

/// <summary>A program with 1,000 tools in 100 files, and one file that has nothing to do with them. Files are edited in turn, so that every version is new.</summary>
internal sealed class ToolProgram
{
    internal const int Classes = 100;
    internal const int ToolsEach = 10;

    internal static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None);

    private const string Usings = """
        global using System;
        global using System.ComponentModel.DataAnnotations;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Peregrine.Server.Tools;
        """;

    private CSharpCompilation _compilation = CSharpCompilation.Create(
        "Edited",
        [Tree(Usings, "usings.cs"), Tree(Unrelated(0), "unrelated.cs"), .. Enumerable.Range(0, Classes).Select(static i => Tree(Tools(i, 0, 80), $"tools{i}.cs"))],
        References(),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private int _edits;

    internal Compilation Compilation => _compilation;

    /// <summary>Edits a method's body in the file without tools.</summary>
    internal Compilation EditUnrelated() => Replace("unrelated.cs", Unrelated(++_edits));

    /// <summary>Edits a tool's body.</summary>
    internal Compilation EditBody() => Replace("tools7.cs", Tools(7, ++_edits, 80));

    /// <summary>Edits what a tool's argument must keep to.</summary>
    internal Compilation EditSignature() => Replace("tools7.cs", Tools(7, 0, 100 + ++_edits));

    private CSharpCompilation Replace(string path, string text) =>
        _compilation = _compilation.ReplaceSyntaxTree(_compilation.SyntaxTrees.Single(tree => tree.FilePath == path), Tree(text, path));

    private static SyntaxTree Tree(string text, string path) => CSharpSyntaxTree.ParseText(text, Parsing, path, Encoding.UTF8);

    private static string Unrelated(int value) => $"namespace Edited; public static class Unrelated {{ public static int Value() => {value.ToString(CultureInfo.InvariantCulture)}; }}";

    private static string Tools(int number, int value, int longest)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            namespace Edited;

            public enum Unit{{number}} { Celsius, Fahrenheit }

            public sealed record Report{{number}}(string City, double Value, Unit{{number}} Unit);

            [McpTools]
            public sealed class Tools{{number}}(TimeProvider time)
            {

            """));
        for (var i = 0; i < ToolsEach; i++)
        {
            text.Append(string.Create(CultureInfo.InvariantCulture, $$"""
                    /// <summary>Tells the weather of a city.</summary>
                    /// <param name="city">The city.</param>
                    /// <param name="days">How many days ahead.</param>
                    [McpTool(ReadOnly = true)]
                    public async Task<Report{{number}}> Report{{number}}Of{{i}}([Length(1, {{longest}})] string city, [Range(1, 14)] int days, Unit{{number}} unit = Unit{{number}}.Celsius, CancellationToken cancellationToken = default)
                    {
                        await Task.Delay(days, time, cancellationToken);
                        return new(city, {{value}}, unit);
                    }


                """));
        }

        return text.Append('}').ToString();
    }

    private static ImmutableArray<MetadataReference> References() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(McpToolAttribute).Assembly.Location)
            .Distinct()
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];
}
