namespace Peregrine.Transport.Stdio;

/// <summary>A channel over two streams, which it owns: for Windows, and for tests.</summary>
internal sealed class StreamChannel(Stream input, Stream output) : BlockingChannel
{
    public override int Read(Span<byte> buffer) => input.Read(buffer);

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        output.Flush();
    }

    public override bool WaitReadable(int milliseconds) => true;

    public override bool CanWrite(int count) => false;

    protected override void Dispose(bool disposing)
    {
        input.Dispose();
        output.Dispose();
    }
}
