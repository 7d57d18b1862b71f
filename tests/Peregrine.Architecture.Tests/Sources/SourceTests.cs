namespace Peregrine.Architecture.Tests.Sources;

public sealed class SourceTests
{
    private static readonly string[] Code = ["src", "tests", "bench", "samples"];
    private static readonly SourceFile[] Files = [.. SourceFile.Under(Code)];
    private static readonly IReadOnlyDictionary<string, string> LongFiles = RepositoryFiles.ReadList("long-files.txt");
    private static readonly IReadOnlyDictionary<string, string> Seams = RepositoryFiles.ReadList("rs0030-allowed.txt");

    [Fact]
    public void Types_have_names_that_say_what_they_are() => Violations.None(Files.SelectMany(SourceRules.CheckNames));

    [Fact]
    public void Projects_and_folders_have_names_that_say_what_they_are() =>
        Violations.None(RepositoryFiles.All.Where(p => Code.Contains(p.Split('/')[0])).SelectMany(SourceRules.CheckPath));

    [Fact]
    public void One_public_type_a_file() => Violations.None(In("src").SelectMany(SourceRules.CheckPublicTypes));

    [Fact]
    public void Files_are_short() => Violations.None(Files.SelectMany(f => SourceRules.CheckLength(f, LongFiles))
        .Concat(SourceRules.CheckStale("long-files.txt", LongFiles, p => Files.Any(f => f.Path == p && f.Lines.Length >= SourceRules.MaxLines))));

    [Fact]
    public void Namespace_is_the_folder() => Violations.None(In("src").Concat(In("tests")).SelectMany(SourceRules.CheckNamespace));

    [Fact]
    public void Only_seams_use_banned_symbols()
    {
        Violations.None(In("src").SelectMany(f => SourceRules.CheckSeam(f, Seams)));
        Violations.None(SourceRules.CheckStale("rs0030-allowed.txt", Seams, p => Files.Any(f => f.Path == p && f.Lines.Any(l => l.Contains("RS0030", StringComparison.Ordinal)))));
    }

    [Fact]
    public void Banned_symbols_are_not_allowed_by_a_project_file() =>
        Violations.None(RepositoryFiles.WithExtension(".csproj", "src")
            .Where(p => RepositoryFiles.Read(p).Contains("RS0030", StringComparison.Ordinal))
            .Select(p => $"{p}: allows banned symbols for a whole project."));

    private static IEnumerable<SourceFile> In(string folder) => Files.Where(f => f.Path.StartsWith(folder + "/", StringComparison.Ordinal));
}
