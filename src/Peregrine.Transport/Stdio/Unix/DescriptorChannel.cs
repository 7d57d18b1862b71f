using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Transport.Stdio.Unix;

/// <summary>A channel over two file descriptors, which it owns. Direct system calls: no stream, no second buffer.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class DescriptorChannel(int readDescriptor, int writeDescriptor) : BlockingChannel
{
    // What poll(2) promises when it says "writable": POSIX guarantees room for PIPE_BUF bytes, 4,096 on Linux and 512 elsewhere.
    private static readonly int WritableBytes = OperatingSystem.IsLinux() ? 4096 : 512;

    private bool _disposed;

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var count = UnixDescriptors.Read(readDescriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            AwaitOrThrow(readDescriptor, UnixDescriptors.PollIn, "read from standard input");
        }
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = UnixDescriptors.Write(writeDescriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
            }
            else
            {
                AwaitOrThrow(writeDescriptor, UnixDescriptors.PollOut, "write to standard output");
            }
        }
    }

    public override bool WaitReadable(int milliseconds) => Poll(readDescriptor, UnixDescriptors.PollIn, milliseconds) != 0;

    public override bool CanWrite(int count) => count <= WritableBytes && Poll(writeDescriptor, UnixDescriptors.PollOut, 0) > 0;

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = UnixDescriptors.Close(readDescriptor);
            _ = UnixDescriptors.Close(writeDescriptor);
        }
    }

    private static int Poll(int descriptor, short wanted, int milliseconds)
    {
        var poll = new UnixDescriptors.PollDescriptor { Descriptor = descriptor, Wanted = wanted };
        return UnixDescriptors.Poll(ref poll, 1, milliseconds);
    }

    // A parent may have made the pipe non-blocking; the flag is shared with it, so it is not ours to change.
    private static void AwaitOrThrow(int descriptor, short wanted, string what)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == UnixDescriptors.InterruptedError)
        {
            return;
        }

        if (error != UnixDescriptors.TryAgainError)
        {
            throw new IOException($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        _ = Poll(descriptor, wanted, -1);
    }
}
