using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Tests.Diagnostics;

namespace Peregrine.Generators.Tests.Porting;

/// <summary>What becomes of classes that were written for the official SDK, its package still referenced.</summary>
public sealed class PortingTests(ITestOutputHelper output)
{
    [Fact]
    public void Page_says_what_each_needs()
    {
        var table = Table();
        output.WriteLine(table);
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "migrate.md")).ReplaceLineEndings("\n");
        Assert.Contains(table, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_official_types_in_signatures_stands_in_the_way() =>
        Assert.All(OfficialSamples.All, static sample => Assert.All(FaultsOf(sample.Source), static fault => Assert.Equal("PRG022", fault.Id)));

    private static string Table()
    {
        var table = new StringBuilder("| written for the official SDK | compiles as it is | what it needs |\n|---|---|---|\n");
        var unchanged = 0;
        foreach (var (name, source) in OfficialSamples.All)
        {
            var needs = FaultsOf(source).Select(static fault => fault.GetMessage(System.Globalization.CultureInfo.InvariantCulture)).Select(NeedOf).Distinct().ToArray();
            unchanged += needs.Length == 0 ? 1 : 0;
            table.Append($"| {name} | {(needs.Length == 0 ? "yes" : "no")} | {string.Join(", ", needs)} |\n");
        }

        return table.Append($"\n{unchanged} of {OfficialSamples.All.Count} compile as they are.\n").ToString();
    }

    // "... uses 'A' of another SDK ...; use 'B' of Peregrine.C"
    private static string NeedOf(string message)
    {
        var names = message.Split('\'');
        return $"`{names[3]}` → `{names[5]}`";
    }

    private static Diagnostic[] FaultsOf(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(OfficialSamples.Usings + source, Generation.Parsing, "/source/sample.cs");
        var program = Generation.Compile().RemoveAllSyntaxTrees().AddSyntaxTrees(tree);
        Assert.DoesNotContain(program.GetDiagnostics(), static found => found.Severity == DiagnosticSeverity.Error);
        var (complete, diagnostics) = Generation.Run(program);
        Assert.NotEmpty(complete.SyntaxTrees.Skip(1).Concat(diagnostics.Select(static _ => (SyntaxTree?)null)));
        return [.. diagnostics.Concat(complete.GetDiagnostics()).Where(static found => found.Severity == DiagnosticSeverity.Error)];
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Peregrine.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
