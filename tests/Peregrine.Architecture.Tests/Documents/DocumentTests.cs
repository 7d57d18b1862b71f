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

    // The examples on the page of diagnostics are what must not compile.
    [Fact]
    public void Code_in_documents_is_that_of_the_samples() =>
        Violations.None(RepositoryFiles.WithExtension(".md").Where(p => p != "docs/diagnostics.md").SelectMany(p => SampleRules.Check(p, RepositoryFiles.Read(p), f => Exists(f) ? RepositoryFiles.Read(f) : null)));

    [Fact]
    public void Code_that_differs_from_its_sample_is_found()
    {
        const string text = "<!-- samples/A/Program.cs -->\n```csharp\nreturn 1;\n```\n<!-- samples/B.json -->\n```jsonc\n{}\n```\n```csharp\nfree();\n```\n";
        Violations.None(SampleRules.Check("README.md", text[..text.IndexOf("```csharp\nfree", StringComparison.Ordinal)], f => f == "samples/B.json" ? "{}\n" : "return 1;\n"));
        Violations.Single("samples/A/Program.cs", SampleRules.Check("README.md", text[..text.IndexOf("<!-- samples/B", StringComparison.Ordinal)], _ => "return 2;\n"));
        Violations.Single("does not name the sample", SampleRules.Check("README.md", text, f => f == "samples/B.json" ? "{}\n" : "return 1;\n"));
    }

    [Fact]
    public void Samples_are_short() =>
        Violations.None(RepositoryFiles.WithExtension(".cs", "samples").Where(p => RepositoryFiles.Read(p).Split('\n').Length > 60).Select(p => $"{p} has more than 60 lines."));

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
