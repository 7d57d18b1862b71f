using System.Net;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Transport.Http;

/// <summary>A request's body in pooled memory.</summary>
internal sealed class PooledContent : HttpContent
{
    private int _writers;
    private int _disposed;

    internal PooledContent()
    {
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    internal PooledByteWriter Body { get; } = new();

    protected override bool TryComputeLength(out long length)
    {
        length = Body.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writers);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        await stream.WriteAsync(Body.WrittenMemory, cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref _writers);
    }

    protected override void Dispose(bool disposing)
    {
        // A reply may come before the request is written to its end, and then the handler still reads here: such a buffer is left to the collector. The same where
        // writing failed, for the counter then stays up.
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0 && Volatile.Read(ref _writers) == 0)
        {
            Body.Dispose();
        }

        base.Dispose(disposing);
    }
}
