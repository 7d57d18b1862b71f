using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Stdio.Windows;

/// <summary>Moves the standard handles of the process out of the way of user code.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsHandles
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const int StandardError = -12;

    /// <summary>Points the process's standard input at nothing and its standard output at standard error.</summary>
    internal static void Redirect()
    {
        _ = SetStdHandle(StandardInput, 0);
        _ = SetStdHandle(StandardOutput, GetStdHandle(StandardError));
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    private static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int handle, nint value);
}
