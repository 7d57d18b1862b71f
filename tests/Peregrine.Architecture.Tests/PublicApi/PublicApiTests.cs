using Peregrine.Architecture.Tests.Dependencies;

namespace Peregrine.Architecture.Tests.PublicApi;

/// <summary>
/// Compares the public surface of each library with `docs/api`. A change is made on purpose: run the test with
/// UPDATE_SNAPSHOTS=1 and review the difference.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Libraries => [.. SourceProjects.WithCode.Where(SourceProjects.IsLibrary).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Public_surface_is_the_one_in_docs(string library)
    {
        string path = $"docs/api/{library}.txt";
        string actual = ApiText.Of(SourceProjects.Libraries().Single(l => l.Project.Name == library).Assembly.GetExportedTypes());
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(RepositoryFiles.Absolute("docs/api"));
            File.WriteAllText(RepositoryFiles.Absolute(path), actual);
            return;
        }

        Assert.True(File.Exists(RepositoryFiles.Absolute(path)), $"{path} is missing: UPDATE_SNAPSHOTS=1 ./test --only Architecture writes it.");
        Violations.None(Differences(path, RepositoryFiles.Read(path), actual));
    }

    [Fact]
    public void No_snapshot_is_left_of_a_library_that_is_gone() =>
        Violations.None(RepositoryFiles.WithExtension(".txt", "docs/api").Where(p => Libraries.All(l => p != $"docs/api/{l.Data}.txt")));

    [Fact]
    public void Changed_surface_is_found()
    {
        const string before = "namespace N\n\nsealed class A\n    void M()\n\n";
        Assert.Equal(
            ["docs/api/A.txt, sealed class A: removed `void M()`", "docs/api/A.txt, sealed class A: added `int M()`"],
            Differences("docs/api/A.txt", before, before.Replace("void", "int", StringComparison.Ordinal)).SkipLast(1));
        Assert.NotEmpty(Differences("a", before + before.Replace("class A", "class B", StringComparison.Ordinal), before));
        Assert.Empty(Differences("a", before, before));
    }

    /// <summary>Compares line by line, each line together with the type it belongs to.</summary>
    private static IEnumerable<string> Differences(string path, string expected, string actual)
    {
        if (expected.ReplaceLineEndings("\n") == actual)
            yield break;
        (string Type, string Line)[] before = [.. Lines(expected)], after = [.. Lines(actual)];
        foreach ((string type, string line) in before.Except(after))
            yield return $"{path}, {type}: removed `{line}`";
        foreach ((string type, string line) in after.Except(before))
            yield return $"{path}, {type}: added `{line}`";
        yield return $"{path} differs. If the change is meant: UPDATE_SNAPSHOTS=1 ./test --only Architecture, and review it.";
    }

    private static IEnumerable<(string Type, string Line)> Lines(string text)
    {
        string type = "";
        foreach (string line in text.Split('\n').Where(l => l.Length > 0))
        {
            if (line[0] != ' ')
                type = line;
            yield return (type, line.Trim());
        }
    }
}
