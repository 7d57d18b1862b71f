using System.Xml.Linq;

namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>What a project file says it references, files it imports by a relative path included.</summary>
internal sealed record ProjectFile(string Name, string AssemblyName, string[] Projects, string[] AnalyzerProjects, string[] Packages, string[] Frameworks)
{
    public static ProjectFile Load(string path) =>
        Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path), import =>
        {
            string file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, import));
            return File.Exists(file) ? File.ReadAllText(file) : null;
        });

    public static ProjectFile Parse(string name, string xml, Func<string, string?>? import = null)
    {
        XElement root = XElement.Parse(xml);
        var roots = new List<XElement> { root };
        foreach (XElement element in root.Elements("Import"))
        {
            if (import?.Invoke((string?)element.Attribute("Project") ?? "") is { } text)
                roots.Add(XElement.Parse(text));
        }

        XElement[] references = [.. Items(roots, "ProjectReference")];
        return new ProjectFile(
            name,
            root.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. references.Where(r => !IsAnalyzer(r)).Select(ProjectName)],
            [.. references.Where(IsAnalyzer).Select(ProjectName)],
            [.. Items(roots, "PackageReference").Select(Include)],
            [.. Items(roots, "FrameworkReference").Select(Include)]);
    }

    private static IEnumerable<XElement> Items(IEnumerable<XElement> roots, string name) =>
        roots.SelectMany(r => r.Descendants(name)).Where(e => e.Attribute("Include") is not null);

    private static bool IsAnalyzer(XElement reference) => (string?)reference.Attribute("OutputItemType") == "Analyzer";

    private static string Include(XElement item) => (string)item.Attribute("Include")!;

    private static string ProjectName(XElement item) => Path.GetFileNameWithoutExtension(Include(item).Replace('\\', '/'));
}
