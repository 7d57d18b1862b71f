namespace Peregrine.Interop.Tests.Processes;

/// <summary>Where the programs are that the tests start: built with this project, in the same configuration.</summary>
internal static class Programs
{
    internal static string Root { get; } = FindRoot();

    /// <summary>This project's folder in the source tree.</summary>
    internal static string Sources { get; } = Path.Combine(Root, "tests", "Peregrine.Interop.Tests");

    internal static string Peregrine { get; } = Built("Peregrine.Cli", "peregrine");

    internal static string OfficialHttp { get; } = Built("OfficialHttp", "OfficialHttp");

    // artifacts/bin/PROJECT/CONFIGURATION/
    private static string Built(string project, string program)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, program + suffix);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Peregrine.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Peregrine.slnx above {AppContext.BaseDirectory}.");
    }
}
