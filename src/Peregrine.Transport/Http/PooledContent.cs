using System.Net;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Transport.Http;

/// <summary>A request's body in pooled memory.</summary>
internal sealed class PooledContent : HttpContent
{
    private int _writers;
    private int _disposed;

    private PooledByteWriter? _compressed;
    private bool _bodyTaken;

    internal PooledContent(PooledByteWriter? body = null)
    {
        Body = body ?? new PooledByteWriter();
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <summary>The message.</summary>
    internal PooledByteWriter Body { get; }

    /// <summary>True where the message goes out compressed.</summary>
    internal bool IsCompressed => _compressed is not null;

    private PooledByteWriter Sent => _compressed ?? Body;

    /// <summary>Sends the message compressed, where that makes it shorter.</summary>
    internal void Compress(string encoding)
    {
        var compressed = new PooledByteWriter(Body.Length);
        if (HttpEncodings.TryCompress(encoding, Body.WrittenMemory, compressed))
        {
            _compressed = compressed;
            Headers.ContentEncoding.Add(encoding);
        }
        else
        {
            compressed.Dispose();
        }
    }

    /// <summary>Takes the message out, for a second content: this one no longer owns it. Only where it went out compressed.</summary>
    internal PooledByteWriter TakeBody()
    {
        _bodyTaken = true;
        return Body;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Sent.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writers);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        await stream.WriteAsync(Sent.WrittenMemory, cancellationToken).ConfigureAwait(false);
        Interlocked.Decrement(ref _writers);
    }

    protected override void Dispose(bool disposing)
    {
        // A reply may come before the request is written to its end, and then the handler still reads here: such a buffer is left to the collector. The same where
        // writing failed, for the counter then stays up.
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0 && Volatile.Read(ref _writers) == 0)
        {
            _compressed?.Dispose();
            if (!_bodyTaken)
            {
                Body.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
