using System.IO.Compression;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>
/// Reads a compressed body, and refuses one that grows out of all proportion: a few bytes on the wire must not become megabytes here. Not thread-safe.
/// </summary>
internal sealed class InflatingStream : OneWayStream
{
    // JSON that repeats itself shrinks to a fiftieth; gzip can at most reach a thousandth. Below the allowance nothing is a danger.
    private const int MaxRatio = 200;
    private const long Allowance = 1024 * 1024;

    private readonly CountingStream _compressed;
    private readonly Stream _inflated;
    private readonly string _peer;
    private long _length;

    private InflatingStream(Stream compressed, string encoding, string peer)
    {
        _compressed = new CountingStream(compressed);
        _inflated = encoding == "br" ? new BrotliStream(_compressed, CompressionMode.Decompress) : new GZipStream(_compressed, CompressionMode.Decompress);
        _peer = peer;
    }

    /// <summary>The body as it is meant, whatever coding it came in.</summary>
    /// <exception cref="McpTransportException">The coding is none that was asked for.</exception>
    internal static async ValueTask<Stream> OpenAsync(HttpContent content, string peer, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var encodings = content.Headers.ContentEncoding;
        if (encodings.Count == 0)
        {
            return stream;
        }

        var encoding = string.Join(", ", encodings).ToLowerInvariant();
        return encoding switch
        {
            "identity" => stream,
            "br" => new InflatingStream(stream, "br", peer),
            "gzip" or "x-gzip" => new InflatingStream(stream, "gzip", peer),
            _ => throw new McpTransportException(TransportFault.InvalidReply, $"{peer} sent a body in the coding '{encoding}', which was not asked for.", mayHaveRun: true),
        };
    }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await _inflated.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw new IOException($"The compressed body is damaged: {exception.Message}", exception);
        }

        _length += count;
        if (_length > Allowance + (_compressed.Count * MaxRatio))
        {
            throw new McpTransportException(
                TransportFault.ReplyTooLong,
                $"The reply of {_peer} was refused: its {_compressed.Count} compressed bytes grow to more than {MaxRatio} times that.",
                mayHaveRun: true);
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflated.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class CountingStream(Stream inner) : OneWayStream
    {
        public override bool CanRead => true;

        internal long Count { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Count += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
