using System.Text;

namespace Peregrine.Architecture.Tests.Tunables;

/// <summary>
/// Every option has its meaning, unit, range and default in its source, and all of them stand in `docs/reference/options.md`, which this test writes with UPDATE_SNAPSHOTS=1.
/// </summary>
public sealed class TunableTests
{
    private const string Page = "docs/reference/options.md";

    private static readonly Tunable[] All =
    [
        .. RepositoryFiles.WithExtension("Options.cs", "src").SelectMany(static path => TunableReader.Read(path, RepositoryFiles.Read(path).ReplaceLineEndings("\n"))),
    ];

    [Fact]
    public void Every_option_says_what_it_is()
    {
        Assert.True(All.Length > 200, $"{All.Length} options were found.");
        Violations.None(All.SelectMany(TunableReader.Check));
    }

    [Fact]
    public void Each_feature_that_may_be_turned_off_has_a_switch()
    {
        string[] names = [.. RepositoryFiles.WithExtension(".cs", "src").Select(RepositoryFiles.Read)
            .SelectMany(static source => System.Text.RegularExpressions.Regex.Matches(source, "(?:Switches|switches)\\.Add\\(\\s*\"([^\"]+)\"").Select(static match => match.Groups[1].Value))];
        foreach (string name in (string[])["adaptive-limits", "cache", "call-records", "ledger"])
            Assert.Contains(name, names);
    }

    [Fact]
    public void The_page_of_options_is_the_one_in_docs()
    {
        string actual = Write();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(RepositoryFiles.Absolute(Page), actual);
            return;
        }

        Assert.True(actual == RepositoryFiles.Read(Page).ReplaceLineEndings("\n"), $"{Page} is not up to date: UPDATE_SNAPSHOTS=1 ./test --only Architecture writes it.");
    }

    [Fact]
    public void What_is_missing_is_found()
    {
        const string source = "public sealed record XOptions\n{\n    /// <summary>How many.</summary>\n    public int Count { get; init; }\n\n"
            + "    /// <summary>How long. More than zero; default 5 seconds.</summary>\n    public TimeSpan Time { get; init; }\n}\n";
        Tunable[] found = [.. TunableReader.Read("a.cs", source)];
        Assert.Equal(["Count", "Time"], found.Select(static tunable => tunable.Name));
        Assert.Equal(2, TunableReader.Check(found[0]).Count());
        Assert.Empty(TunableReader.Check(found[1]));
        Assert.Equal("5 seconds", found[1].Default);
    }

    private static string Write()
    {
        var page = new StringBuilder("# Options\n\nEvery option of the libraries, from their source. Immutable records: change one with `with`. All faults of a record are named at once.\n");
        foreach (var project in All.GroupBy(static tunable => tunable.File.Split('/')[1]).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {project.Key}\n");
            foreach (var record in project.GroupBy(static tunable => tunable.Record).OrderBy(static group => group.Key, StringComparer.Ordinal))
            {
                page.Append($"\n### {record.Key}\n\n| option | type | meaning, unit, range | default |\n|---|---|---|---|\n");
                foreach (Tunable tunable in record)
                    page.Append($"| `{tunable.Name}` | `{Cell(tunable.Type)}` | {Cell(tunable.Meaning)} | {Cell(tunable.Default)} |\n");
            }
        }

        return page.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
