namespace Peregrine.Architecture.Tests;

/// <summary>The files of the repository as they lie in the working tree, without what is built or installed.</summary>
internal static class RepositoryFiles
{
    // What a template makes is the user's, in the user's namespaces; the packaging tests build and run it.
    private const string TemplateContent = "content";

    private static readonly string[] Skipped = [".git", ".vs", ".idea", "artifacts", "bin", "obj", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Walk(new DirectoryInfo(Root)).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> WithExtension(string extension, params string[] folders) =>
        All.Where(f => f.EndsWith(extension, StringComparison.Ordinal)
            && (folders.Length == 0 || folders.Any(d => f.StartsWith(d + "/", StringComparison.Ordinal))));

    public static string Absolute(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(Absolute(path));

    /// <summary>Lines of a list under Data, without comments: `key | reason`. An entry without a reason is an error.</summary>
    public static IReadOnlyDictionary<string, string> ReadList(string name) =>
        ParseList(Read($"tests/Peregrine.Architecture.Tests/Data/{name}"));

    public static IReadOnlyDictionary<string, string> ParseList(string text)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string[] parts = line.Split('|', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[1].Length < 10)
                throw new InvalidDataException($"An exemption needs a reason, as in `key | reason`: {line}");
            entries.Add(parts[0], parts[1]);
        }

        return entries;
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
            yield return file.FullName;
        foreach (DirectoryInfo child in folder.EnumerateDirectories().Where(d => d.LinkTarget is null && !Skipped.Contains(d.Name) && !(d.Name == TemplateContent && d.Parent?.Name == "Peregrine.Templates")))
        {
            foreach (string file in Walk(child))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Peregrine.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Peregrine.slnx above {AppContext.BaseDirectory}.");
    }
}
