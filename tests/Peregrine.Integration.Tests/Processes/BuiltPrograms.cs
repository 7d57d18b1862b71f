using System.Runtime.InteropServices;

namespace Peregrine.Integration.Tests.Processes;

/// <summary>Where the build has put what the tests start: beside the tests, in the same configuration.</summary>
internal static class BuiltPrograms
{
    /// <summary>The command-line tool.</summary>
    internal static string Peregrine => Find("Peregrine.Cli", "peregrine");

    /// <summary>The server whose tool prints.</summary>
    internal static string PrintingServer => Find("Peregrine.Integration.PrintingServer", "Peregrine.Integration.PrintingServer");

    /// <summary>The server that says what it holds.</summary>
    internal static string MeasuredServer => Find("Peregrine.Integration.MeasuredServer", "Peregrine.Integration.MeasuredServer");

    /// <summary>The server whose calls are to run once.</summary>
    internal static string OnceServer => Find("Peregrine.Integration.OnceServer", "Peregrine.Integration.OnceServer");

    /// <summary>Where the runtime is that these tests run on; executables look only in the default place by themselves.</summary>
    internal static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    // artifacts/bin/PROJECT/CONFIGURATION/
    private static string Find(string project, string program)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, OperatingSystem.IsWindows() ? program + ".exe" : program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing; build tests/Peregrine.Integration.Tests.");
    }
}
