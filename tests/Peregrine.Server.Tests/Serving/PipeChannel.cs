using System.Buffers;
using System.IO.Pipelines;
using Peregrine.Transport.Stdio;

namespace Peregrine.Server.Tests.Serving;

/// <summary>A blocking channel over a pair of pipes in memory, which hold as much as they are told and then make the writer wait.</summary>
internal sealed class PipeChannel(PipeReader input, PipeWriter output) : BlockingChannel
{
    private const int PieceBytes = 16 * 1024;

    private readonly Lock _writing = new();
    private Task<ReadResult>? _reading;
    private bool _disposed;

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            var result = Pending().GetAwaiter().GetResult();
            _reading = null;
            if (result.Buffer.IsEmpty && result.IsCompleted)
            {
                return 0;
            }

            var piece = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
            piece.CopyTo(buffer);
            var count = (int)piece.Length;
            input.AdvanceTo(piece.End);
            if (count > 0)
            {
                return count;
            }
        }
    }

    // In pieces, as a pipe of the system takes a long text: what was not taken when the channel is closed is lost.
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, PieceBytes)..])
        {
            lock (_writing)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                output.Write(bytes[..Math.Min(bytes.Length, PieceBytes)]);
            }

            if (output.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted)
            {
                throw new IOException("The peer is gone.");
            }
        }
    }

    public override bool WaitReadable(int milliseconds) => Pending().Wait(milliseconds);

    public override bool CanWrite(int count) => false;

    protected override void Dispose(bool disposing)
    {
        lock (_writing)
        {
            _disposed = true;
            output.Complete();
        }
    }

    private Task<ReadResult> Pending() => _reading ??= input.ReadAsync().AsTask();
}
