using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Peregrine.Bench.Peers.Processes;

/// <summary>Blocking read(2) and write(2) on a descriptor.</summary>
internal static unsafe partial class Descriptor
{
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    /// <summary>Reads at least one byte; 0 at the end of the stream.</summary>
    public static int Read(int descriptor, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            while (true)
            {
                nint count = ReadNative(descriptor, start, (nuint)destination.Length);
                if (count >= 0)
                    return (int)count;
                ThrowUnlessInterrupted();
            }
        }
    }

    /// <summary>Writes everything; false when nobody reads any more, which the next read then shows.</summary>
    public static bool Write(int descriptor, ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            int done = 0;
            while (done < source.Length)
            {
                nint count = WriteNative(descriptor, start + done, (nuint)(source.Length - done));
                if (count >= 0)
                    done += (int)count;
                else if (Marshal.GetLastPInvokeError() == BrokenPipe)
                    return false;
                else
                    ThrowUnlessInterrupted();
            }

            return true;
        }
    }

    public static void Close(int descriptor) => CloseNative(descriptor);

    /// <summary>A pipe whose ends are not inherited by processes started later.</summary>
    public static (int Read, int Write) OpenPipe()
    {
        const int closeOnExec = 0x80000;
        int* ends = stackalloc int[2];
        if (PipeNative(ends, closeOnExec) < 0)
            throw new Win32Exception();
        return (ends[0], ends[1]);
    }

    private static void ThrowUnlessInterrupted()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
            throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteNative(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial void CloseNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int PipeNative(int* ends, int flags);
}
