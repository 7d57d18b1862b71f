using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Peregrine.Bench.Floors.Stdio;

/// <summary>Blocking read(2) and write(2) on a descriptor.</summary>
internal static unsafe partial class Descriptor
{
    private const int Interrupted = 4;

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

    /// <summary>Writes everything.</summary>
    public static void Write(int descriptor, ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            int done = 0;
            while (done < source.Length)
            {
                nint count = WriteNative(descriptor, start + done, (nuint)(source.Length - done));
                if (count >= 0)
                    done += (int)count;
                else
                    ThrowUnlessInterrupted();
            }
        }
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
}
