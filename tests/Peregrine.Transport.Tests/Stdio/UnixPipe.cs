using System.Runtime.InteropServices;

namespace Peregrine.Transport.Tests.Stdio;

/// <summary>A pipe of the system, by its descriptors.</summary>
internal static partial class UnixPipe
{
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int NonBlockingLinux = 0x800;
    private const int CloseOnExecLinux = 0x80000;

    internal static (int Read, int Write) Create()
    {
        // Not inherited: a child process of another test would keep an end open.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The flags have other values elsewhere.");
        var ends = new int[2];
        Assert.Equal(0, Pipe(ends, CloseOnExecLinux));
        return (ends[0], ends[1]);
    }

    /// <summary>What a parent may have done to the pipe that it shares with its child.</summary>
    internal static void SetNonBlocking(int descriptor)
    {
        Assert.Equal(0, Fcntl(descriptor, SetFlags, Fcntl(descriptor, GetFlags, 0) | NonBlockingLinux));
    }

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static partial int Pipe([Out] int[] ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
