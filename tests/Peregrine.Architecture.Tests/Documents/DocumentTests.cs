using System.Xml.Linq;

namespace Peregrine.Architecture.Tests.Documents;

public sealed class DocumentTests
{
    [Fact]
    public void Links_lead_somewhere() =>
        Violations.None(RepositoryFiles.WithExtension(".md").SelectMany(p => LinkRules.Check(p, RepositoryFiles.Read(p), Exists)));

    [Fact]
    public void Broken_link_is_found()
    {
        const string text = "[a](docs/there.md) [b](docs/gone.md#part) [c](#here) [d](https://example.org/x)\n```\n[e](code.md)\n```\n";
        Violations.Single("docs/gone.md", LinkRules.Check("README.md", text, p => p == "docs/there.md"));
        Violations.None(LinkRules.Check("docs/adr/README.md", "[up](../there.md)", p => p == "docs/there.md"));
    }

    [Fact]
    public void Decisions_are_listed()
    {
        string index = RepositoryFiles.Read("docs/adr/README.md");
        Violations.None(RepositoryFiles.WithExtension(".md", "docs/adr").Select(p => Path.GetFileName(p))
            .Where(n => n != "README.md" && !index.Contains($"({n})", StringComparison.Ordinal)).Select(n => $"docs/adr/README.md does not list {n}."));
    }

    [Fact]
    public void Solution_names_every_project()
    {
        string[] exempt = [.. RepositoryFiles.ReadList("solution-exempt.txt").Keys];
        Violations.None(MissingFromSolution(RepositoryFiles.Read("Peregrine.slnx"), RepositoryFiles.WithExtension(".csproj"), exempt));
    }

    [Fact]
    public void Project_missing_from_the_solution_is_found()
    {
        const string solution = """<Solution><Folder Name="/src/"><Project Path="src/A/A.csproj" /></Folder></Solution>""";
        Violations.Single("src/B/B.csproj", MissingFromSolution(solution, ["src/A/A.csproj", "src/B/B.csproj", "bench/C/C.csproj", "samples/D/D.csproj"], ["samples/D/D.csproj"]));
    }

    private static IEnumerable<string> MissingFromSolution(string solution, IEnumerable<string> projects, string[] exempt)
    {
        HashSet<string> named = [.. XElement.Parse(solution).Descendants("Project").Select(p => (string)p.Attribute("Path")!)];
        return projects.Where(p => !p.StartsWith("bench/", StringComparison.Ordinal) && !exempt.Contains(p) && !named.Contains(p))
            .Select(p => $"Peregrine.slnx does not name {p}.");
    }

    private static bool Exists(string path) => File.Exists(RepositoryFiles.Absolute(path)) || Directory.Exists(RepositoryFiles.Absolute(path));
}
