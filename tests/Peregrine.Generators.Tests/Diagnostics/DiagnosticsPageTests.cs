using System.Text;
using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;

namespace Peregrine.Generators.Tests.Diagnostics;

/// <summary>Compares docs/diagnostics.md with the code.</summary>
public sealed class DiagnosticsPageTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Page_has_each_diagnostic_as_the_compiler_shows_it()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "diagnostics.md")).ReplaceLineEndings("\n");
        var sections = page.Split("\n## ").Skip(1).ToDictionary(static section => section[..6], static section => "## " + section);
        Assert.Equal(Descriptors.ById.Keys.Order(), sections.Keys.Order());
        foreach (var descriptor in Descriptors.ById.Values)
        {
            Assert.StartsWith(Expected(descriptor), sections[descriptor.Id], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Release_list_has_each_diagnostic()
    {
        var rows = File.ReadLines(Path.Combine(Root, "src", "Peregrine.Generators", "AnalyzerReleases.Unshipped.md"))
            .Concat(File.ReadLines(Path.Combine(Root, "src", "Peregrine.Generators", "AnalyzerReleases.Shipped.md")))
            .Where(static line => line.StartsWith("PRG", StringComparison.Ordinal));
        Assert.Equal(Descriptors.ById.Values.Select(static d => $"{d.Id} | {d.Category} | {d.DefaultSeverity} | {d.Title}").Order(), rows.Order());
    }

    private static string Expected(DiagnosticDescriptor descriptor) =>
        new StringBuilder()
            .Append("## ").Append(descriptor.Id).Append(": ").Append(descriptor.Title).Append("\n\n")
            .Append(descriptor.DefaultSeverity).Append(". `").Append(descriptor.MessageFormat).Append(".`\n")
            .ToString();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Peregrine.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Peregrine.slnx above {AppContext.BaseDirectory}.");
    }
}
