namespace Peregrine.Load.Tests;

/// <summary>Where the source tree is, and what was built of it.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>A program that was built with this project, in the same configuration.</summary>
    public static string Program(string project, string program)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);

        // A program for this system alone stands in a folder that says so.
        var folder = own.Parent!.Parent!.CreateSubdirectory(project).EnumerateDirectories(own.Name + "*").FirstOrDefault(found => System.IO.File.Exists(Path.Combine(found.FullName, program)));
        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException($"{project} was not built."), program);
    }

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "Peregrine.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Peregrine.slnx above {AppContext.BaseDirectory}.");
    }
}
