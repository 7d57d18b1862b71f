using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Load.Driving.Stdio;

/// <summary>System calls on pipes that never block.</summary>
[SupportedOSPlatform("linux")]
internal static partial class PipeDescriptors
{
    /// <summary>What <see cref="Read"/> and <see cref="Write"/> give where they would block.</summary>
    internal const int WouldBlock = -1;

    /// <summary>What they give where the pipe is broken.</summary>
    internal const int Broken = -2;

    private const int GetFlags = 3, SetFlags = 4, NonBlocking = 0x800;
    private const int InterruptedError = 4, TryAgainError = 11;

    /// <summary>Makes this end of a pipe non-blocking. The other end, the child's, has flags of its own.</summary>
    internal static void MakeNonBlocking(int descriptor)
    {
        var flags = Fcntl(descriptor, GetFlags, 0);
        if (flags < 0 || Fcntl(descriptor, SetFlags, flags | NonBlocking) < 0)
        {
            throw new IOException($"fcntl failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    internal static int Read(int descriptor, Span<byte> buffer)
    {
        nint count;
        do
        {
            count = ReadBytes(descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == InterruptedError);
        return Judge(count);
    }

    internal static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        nint count;
        do
        {
            count = WriteBytes(descriptor, in MemoryMarshal.GetReference(bytes), bytes.Length);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == InterruptedError);
        return Judge(count);
    }

    private static int Judge(nint count) => count >= 0 ? (int)count : Marshal.GetLastPInvokeError() == TryAgainError ? WouldBlock : Broken;

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadBytes(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteBytes(int descriptor, in byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
