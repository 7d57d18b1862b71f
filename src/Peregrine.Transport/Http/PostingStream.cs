using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>A stream that sends each line written to it as a message of its own, one after the other. Every write holds whole lines. One writer at a time.</summary>
internal sealed class PostingStream(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> post) : OneWayStream
{
    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var end = buffer.Span.IndexOf((byte)'\n');
            var line = end < 0 ? buffer : buffer[..end];
            buffer = end < 0 ? default : buffer[(end + 1)..];
            if (!line.IsEmpty)
            {
                await post(line, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
