using System.Reflection;

namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>The projects under src, and what was built from them together with these tests.</summary>
internal static class SourceProjects
{
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. RepositoryFiles.WithExtension(".csproj", "src").Select(p => ProjectFile.Load(RepositoryFiles.Absolute(p)))];

    /// <summary>Projects whose assemblies are read, never loaded.</summary>
    public static bool IsLibrary(ProjectFile project) => project.Name is not ("Peregrine.Generators" or "Peregrine.Generators.CodeFixes" or "Peregrine.Cli");

    public static IEnumerable<ProjectFile> WithCode =>
        All.Where(p => RepositoryFiles.WithExtension(".cs", $"src/{p.Name}").Any());

    public static byte[] ReadImage(ProjectFile project) => File.ReadAllBytes(PathOf(project));

    public static IEnumerable<(ProjectFile Project, Assembly Assembly)> Libraries() =>
        WithCode.Where(IsLibrary).Select(p => (p, Assembly.LoadFrom(PathOf(p))));

    private static string PathOf(ProjectFile project)
    {
        string copied = Path.Combine(AppContext.BaseDirectory, project.AssemblyName + ".dll");
        if (IsLibrary(project))
            return copied;
        string output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        return Path.Combine(output, "..", "..", project.Name, Path.GetFileName(output), project.AssemblyName + ".dll");
    }
}
