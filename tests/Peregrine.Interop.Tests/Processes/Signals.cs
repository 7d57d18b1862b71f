using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>Ends processes, politely or not.</summary>
internal static class Signals
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    internal static void Terminate(int id)
    {
        if (OperatingSystem.IsWindows())
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = Kill(id, SigTerm);
        }
    }

    /// <summary>As <c>kill -9</c> does: the process has no say, and what it started goes on.</summary>
    internal static void KillAtOnce(int id) => Assert.Equal(0, Kill(id, SigKill));

    /// <summary>The process does nothing more, and does not know it, until <see cref="Continue"/>. Linux.</summary>
    internal static void Stop(int id) => Assert.Equal(0, Kill(id, SigStop));

    /// <summary>Lets it go on; one that was killed meanwhile needs that no more.</summary>
    internal static void Continue(int id) => _ = Kill(id, SigContinue);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int id, int signal);
}
