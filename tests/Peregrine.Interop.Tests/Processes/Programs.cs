namespace Peregrine.Interop.Tests.Processes;

/// <summary>Where the programs are that the tests start: built with this project, in the same configuration.</summary>
internal static class Programs
{
    internal static string Root { get; } = FindRoot();

    internal static string Peregrine { get; } = Built("Peregrine.Cli", "peregrine");

    internal static string OfficialHttp { get; } = Built("OfficialHttp", "OfficialHttp");

    internal static string OfficialStdio { get; } = Built("OfficialStdio", "OfficialStdio");

    /// <summary>Tools that append a key to a file, with a ledger.</summary>
    internal static string OnceServer { get; } = Built("Peregrine.Integration.OnceServer", "Peregrine.Integration.OnceServer");

    /// <summary>A small server over stdio that uses none of our libraries, and writes rubbish where it is told to.</summary>
    internal static string ForeignServer { get; } = Built("Peregrine.Gateway.Tests.Upstream", "Peregrine.Gateway.Tests.Upstream");

    internal static string ConformanceServer { get; } = Built("Peregrine.Conformance.Server", "Peregrine.Conformance.Server");

    internal static string ConformanceClient { get; } = Built("Peregrine.Conformance.Client", "Peregrine.Conformance.Client");

    /// <summary>A test project's folder in the source tree.</summary>
    internal static string SourcesOf(string project) => Path.Combine(Root, "tests", project);

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
