using System.Buffers.Text;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http.Direct;

/// <summary>The body of a response, read from its connection as it comes: by length, in chunks, or up to the connection's end (RFC 9112, section 6). Not thread-safe.</summary>
internal sealed class DirectBody : OneWayStream
{
    private const int MaxSizeLine = 1024;

    private readonly DirectSocket _socket;
    private readonly bool _isChunked;
    private readonly bool _endsWithConnection;
    private long _left;
    private bool _isFirstChunk = true;

    internal DirectBody(DirectSocket socket, in ResponseHead head)
    {
        _socket = socket;
        _isChunked = head.IsChunked;
        _endsWithConnection = head.EndsWithConnection;
        _left = Math.Max(head.ContentLength, 0);
        IsComplete = !_isChunked && !_endsWithConnection && _left == 0;
    }

    /// <summary>True once it was read to its end.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>True once reading it has failed: what follows means nothing.</summary>
    internal bool HasFailed { get; private set; }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsComplete || buffer.IsEmpty)
        {
            return 0;
        }

        // Whoever waits may give up at any time; the connection is of no use then.
        using var registration = cancellationToken.UnsafeRegister(static state => ((DirectSocket)state!).Dispose(), _socket);
        var failed = true;
        try
        {
            var count = await ReadAsync(buffer).ConfigureAwait(false);
            failed = false;
            return count;
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(exception.Message, exception);
        }
        finally
        {
            HasFailed = failed;
        }
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (_isChunked && _left == 0 && !await NextChunkAsync().ConfigureAwait(false))
        {
            return 0;
        }

        var wanted = _endsWithConnection ? buffer : buffer[..(int)Math.Min(buffer.Length, _left)];
        var count = await _socket.ReadAsync(wanted).ConfigureAwait(false);
        if (count == 0)
        {
            if (!_endsWithConnection)
            {
                throw new IOException("The connection ended before the response did.");
            }

            IsComplete = true;
        }
        else if (!_endsWithConnection)
        {
            _left -= count;
            IsComplete = _left == 0 && !_isChunked;
        }

        return count;
    }

    // False behind the last chunk.
    private async ValueTask<bool> NextChunkAsync()
    {
        if (!_isFirstChunk && await ReadLineAsync().ConfigureAwait(false) != 0)
        {
            throw Malformed();
        }

        _isFirstChunk = false;
        var length = await PeekLineAsync().ConfigureAwait(false);
        var line = _socket.Unread[..length];
        var isSize = Utf8Parser.TryParse(line, out long size, out var used, 'x') && size >= 0 && (used == length || line[used] is (byte)';' or (byte)' ' or (byte)'\t');
        _socket.Skip(length + 2);
        if (!isSize)
        {
            throw Malformed();
        }

        if (size > 0)
        {
            _left = size;
            return true;
        }

        // Trailers say nothing that anybody here wants to know.
        while (await ReadLineAsync().ConfigureAwait(false) != 0)
        {
        }

        IsComplete = true;
        return false;
    }

    // Passes over a line, and gives its length.
    private async ValueTask<int> ReadLineAsync()
    {
        var length = await PeekLineAsync().ConfigureAwait(false);
        _socket.Skip(length + 2);
        return length;
    }

    private async ValueTask<int> PeekLineAsync()
    {
        while (true)
        {
            var length = _socket.Unread.IndexOf("\r\n"u8);
            if (length >= 0)
            {
                return length;
            }

            if (_socket.Unread.Length > MaxSizeLine)
            {
                throw Malformed();
            }

            if (!await _socket.ReadMoreAsync().ConfigureAwait(false))
            {
                throw new IOException("The connection ended before the response did.");
            }
        }
    }

    private static IOException Malformed() => new("The response's chunks are malformed.");
}
