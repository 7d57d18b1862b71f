using Peregrine.Transport.Stdio;

namespace Peregrine.Bench.Micro.Transport;

/// <summary>Takes everything and gives nothing: what is measured is what stands before the system call.</summary>
internal sealed class NullChannel : BlockingChannel
{
    public override int Read(Span<byte> buffer) => 0;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
    }

    public override bool WaitReadable(int milliseconds) => true;

    public override bool CanWrite(int count) => true;

    protected override void Dispose(bool disposing)
    {
    }
}
