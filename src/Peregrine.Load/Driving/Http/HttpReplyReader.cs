using System.Buffers.Text;
using System.Text;

namespace Peregrine.Load.Driving.Http;

/// <summary>
/// Reads HTTP/1.1 replies out of bytes as they come: lengths, chunks, bodies that end with the connection. Keeps what it has read of an unfinished reply; for one
/// connection, one reply at a time.
/// </summary>
internal sealed class HttpReplyReader(int maxLength) : IDisposable
{
    private const int MaxHeadLength = 64 * 1024;

    private readonly ChunkedBody _chunks = new(maxLength);
    private byte[] _buffer = new byte[4096];
    private int _end;
    private int _searched;
    private int _bodyStart;
    private long _length = -1;
    private bool _isChunked;
    private int _sessionStart;
    private int _sessionLength;

    /// <summary>The status.</summary>
    internal int Status { get; private set; }

    /// <summary>True where the connection ends with this reply.</summary>
    internal bool Closes { get; private set; }

    /// <summary>True where the body is an event stream.</summary>
    internal bool IsEventStream { get; private set; }

    /// <summary>True where some of a reply has come.</summary>
    internal bool HasBegun => _end > 0;

    /// <summary>The body of a complete reply.</summary>
    internal ReadOnlySpan<byte> Body => _isChunked ? _chunks.Decoded : _buffer.AsSpan(_bodyStart, (int)_length);

    /// <summary>True where the head has come.</summary>
    internal bool HasHead => _bodyStart > 0;

    /// <summary>As much of the body as has come and was not dropped.</summary>
    internal ReadOnlySpan<byte> BodySoFar => _isChunked ? _chunks.Decoded : _buffer.AsSpan(_bodyStart, _end - _bodyStart);

    /// <summary>The session id that the reply gives; empty where it gives none.</summary>
    internal ReadOnlySpan<byte> SessionId => _buffer.AsSpan(_sessionStart, _sessionLength);

    /// <summary>Room for the next bytes.</summary>
    internal Span<byte> GetBuffer()
    {
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, Array.MaxLength));
        }

        return _buffer.AsSpan(_end);
    }

    /// <summary>Takes bytes that were put into the buffer.</summary>
    internal ReplyState Advance(int count)
    {
        _end += count;
        if (_bodyStart == 0 && !TryReadHead(out var malformed))
        {
            return malformed || _end > MaxHeadLength ? ReplyState.Malformed : ReplyState.Incomplete;
        }

        if (_isChunked)
        {
            return _chunks.Read(_buffer.AsSpan(0, _end), ref _bodyStart, ref _end);
        }

        if (_length > maxLength || (_length < 0 && _end - _bodyStart > maxLength))
        {
            return ReplyState.Malformed;
        }

        return _length >= 0 && _end - _bodyStart >= _length ? ReplyState.Complete : ReplyState.Incomplete;
    }

    /// <summary>Tells that the connection has ended.</summary>
    internal ReplyState End()
    {
        if (_bodyStart == 0 || _isChunked || _length >= 0)
        {
            return ReplyState.Incomplete;
        }

        _length = _end - _bodyStart;
        return ReplyState.Complete;
    }

    /// <summary>Forgets the body so far: of a stream without an end.</summary>
    internal void DropBody()
    {
        if (_isChunked)
        {
            _chunks.Drop();
        }
        else
        {
            _end = _bodyStart;
        }
    }

    /// <summary>Makes ready for the next reply.</summary>
    internal void Reset()
    {
        _end = _searched = _bodyStart = _sessionStart = _sessionLength = 0;
        _length = -1;
        Closes = IsEventStream = _isChunked = false;
    }

    public void Dispose() => _chunks.Dispose();

    private bool TryReadHead(out bool malformed)
    {
        malformed = false;
        while (true)
        {
            var from = Math.Max(0, _searched - 3);
            var at = _buffer.AsSpan(from, _end - from).IndexOf("\r\n\r\n"u8);
            _searched = _end;
            if (at < 0)
            {
                return false;
            }

            var head = _buffer.AsSpan(0, from + at + 2);
            if (!TryReadStatus(head))
            {
                malformed = true;
                return false;
            }

            if (Status >= 200)
            {
                _bodyStart = from + at + 4;
                malformed = !TryReadHeaders(head);
                return !malformed;
            }

            // An interim reply; the real one follows.
            var interim = from + at + 4;
            _buffer.AsSpan(interim, _end - interim).CopyTo(_buffer);
            _end -= interim;
            _searched = 0;
        }
    }

    private bool TryReadStatus(ReadOnlySpan<byte> head)
    {
        Status = 0;
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8) || head[8] != (byte)' ' || !Utf8Parser.TryParse(head[9..12], out int status, out var digits) || digits != 3)
        {
            return false;
        }

        Status = status;
        Closes = head[7] == (byte)'0';
        return true;
    }

    private bool TryReadHeaders(ReadOnlySpan<byte> head)
    {
        if (Status is 204 or 304)
        {
            _length = 0;
        }

        var start = head.IndexOf("\r\n"u8) + 2;
        while (start < head.Length)
        {
            var line = head[start..];
            line = line[..line.IndexOf("\r\n"u8)];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || !TryReadHeader(line[..colon], line[(colon + 1)..], start + colon + 1))
            {
                return false;
            }

            start += line.Length + 2;
        }

        if (_isChunked)
        {
            _chunks.Begin();
        }
        else if (_length < 0)
        {
            Closes = true;
        }

        return true;
    }

    // The length of the name tells most headers apart without comparing.
    private bool TryReadHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int valueStart)
    {
        var trimmed = value.Trim(" \t"u8);
        switch (name.Length)
        {
            case 14 when Is(name, "content-length"u8):
                return Utf8Parser.TryParse(trimmed, out _length, out var digits) && digits == trimmed.Length && _length >= 0;
            case 17 when Is(name, "transfer-encoding"u8):
                _isChunked = Is(trimmed, "chunked"u8);
                return _isChunked;
            case 10 when Is(name, "connection"u8):
                Closes = Is(trimmed, "close"u8) || (Closes && !Is(trimmed, "keep-alive"u8));
                return true;
            case 12 when Is(name, "content-type"u8):
                IsEventStream = trimmed.Length >= 17 && Is(trimmed[..17], "text/event-stream"u8);
                return true;
            case 14 when Is(name, "mcp-session-id"u8):
                _sessionStart = valueStart + (value.Length - value.TrimStart(" \t"u8).Length);
                _sessionLength = trimmed.Length;
                return true;
            default:
                return true;
        }
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(text, lower);
}
