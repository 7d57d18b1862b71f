using System.Buffers.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Protocol.ServerSentEvents;

/// <summary>
/// Reads an event stream (WHATWG HTML, section 9.2.6) fed in any pieces. Lines may end in LF, CR or CRLF. An event over the limit is
/// dropped and reported; the next one is intact. Not thread-safe.
/// </summary>
public sealed class SseParser : IDisposable
{
    // Beside the value a line holds a field's name, a colon and a space.
    private const int FieldNameRoom = 16;

    private readonly int _maxEventLength;
    private readonly PooledByteWriter _line = new(256);
    private readonly PooledByteWriter _data = new();
    private readonly PooledByteWriter _type = new(32);
    private readonly PooledByteWriter _id = new(32);
    private readonly PooledByteWriter _lastId = new(32);
    private long _retry = -1;
    private bool _hasData;
    private bool _afterCarriageReturn;
    private bool _emitted;
    private bool _sawOversized;
    private bool _inOversized;
    private bool _lineDropped;
    private bool _atStart = true;

    /// <summary>Makes a parser.</summary>
    /// <param name="maxEventLength">The most bytes that one event's data may have. Default 16 MiB.</param>
    public SseParser(int maxEventLength = 16 * 1024 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEventLength);
        _maxEventLength = maxEventLength;
    }

    /// <summary>
    /// The last event id of the stream, with which to resume: that of the last event that ended, also of one without data, which is not given out.
    /// Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> LastEventId => _lastId.WrittenSpan;

    /// <summary>The reconnection time that the stream set last, in milliseconds; -1 where it set none. It holds as soon as its line is read.</summary>
    public long ReconnectionMilliseconds { get; private set; } = -1;

    /// <summary>True where an event passed the limit since the last look; looking clears it.</summary>
    public bool TakeOversized()
    {
        var was = _sawOversized;
        _sawOversized = false;
        return was;
    }

    /// <summary>Reads on in <paramref name="bytes"/> up to the end of the next event.</summary>
    /// <param name="bytes">What was received; moved behind what was read.</param>
    /// <param name="sseEvent">The event, valid until the next call.</param>
    /// <returns>False where all bytes are read and no event ended.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out SseEvent sseEvent)
    {
        sseEvent = default;
        if (_emitted)
        {
            ResetEvent();
        }

        while (!bytes.IsEmpty)
        {
            if (_afterCarriageReturn)
            {
                _afterCarriageReturn = false;
                if (bytes[0] == (byte)'\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                AppendToLine(bytes);
                bytes = default;
                return false;
            }

            var part = bytes[..end];
            _afterCarriageReturn = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
            if (TakeLineEnd(part) && TryEmit(out sseEvent))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _line.Dispose();
        _data.Dispose();
        _type.Dispose();
        _id.Dispose();
        _lastId.Dispose();
    }

    private void AppendToLine(ReadOnlySpan<byte> part)
    {
        if (_inOversized || _line.Length + (long)part.Length > _maxEventLength + (long)FieldNameRoom)
        {
            // A comment may be of any length: nothing of it is kept but the colon, which says that it is one.
            _lineDropped |= !part.IsEmpty;
            if (!_inOversized && (_line.Length > 0 ? _line.WrittenSpan[0] : part[0]) != (byte)':')
            {
                DropEvent();
            }

            return;
        }

        _line.Write(part);
    }

    // True where the line is empty, which ends the event.
    private bool TakeLineEnd(ReadOnlySpan<byte> part)
    {
        // A line that arrived whole is read where it lies.
        if (_line.Length == 0 && !_lineDropped && !_inOversized && part.Length <= _maxEventLength + (long)FieldNameRoom)
        {
            return TakeLine(part);
        }

        AppendToLine(part);
        if (_lineDropped)
        {
            _lineDropped = false;
            _atStart = false;
            _line.Clear();
            return false;
        }

        var isEnd = TakeLine(_line.WrittenSpan);
        _line.Clear();
        return isEnd;
    }

    private bool TakeLine(ReadOnlySpan<byte> line)
    {
        if (_atStart)
        {
            _atStart = false;
            if (line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }
        }

        if (line.IsEmpty)
        {
            _inOversized = false;
            return true;
        }

        if (line[0] != (byte)':')
        {
            var colon = line.IndexOf((byte)':');
            var name = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? default : line[(colon + 1)..];
            TakeField(name, value.StartsWith(" "u8) ? value[1..] : value);
        }

        return false;
    }

    private void TakeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("data"u8))
        {
            TakeData(value);
        }
        else if (name.SequenceEqual("event"u8))
        {
            _type.Clear();
            _type.Write(value);
        }
        else if (name.SequenceEqual("id"u8) && !value.Contains((byte)0))
        {
            _id.Clear();
            _id.Write(value);
        }
        else if (name.SequenceEqual("retry"u8) && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(value, out long retry, out _))
        {
            _retry = retry;
            ReconnectionMilliseconds = retry;
        }
    }

    private void TakeData(ReadOnlySpan<byte> value)
    {
        if (_data.Length + (long)value.Length + (_hasData ? 1 : 0) > _maxEventLength)
        {
            DropEvent();
            return;
        }

        if (_hasData)
        {
            _data.WriteByte((byte)'\n');
        }

        _data.Write(value);
        _hasData = true;
    }

    private void DropEvent()
    {
        _inOversized = true;
        _sawOversized = true;
        _hasData = false;
        _data.Clear();
    }

    private bool TryEmit(out SseEvent sseEvent)
    {
        _lastId.Clear();
        _lastId.Write(_id.WrittenSpan);
        _emitted = true;
        if (!_hasData)
        {
            ResetEvent();
            sseEvent = default;
            return false;
        }

        sseEvent = new SseEvent
        {
            Type = _type.Length == 0 ? "message"u8 : _type.WrittenSpan,
            Data = _data.WrittenSpan,
            LastEventId = _lastId.WrittenSpan,
            RetryMilliseconds = _retry,
        };
        return true;
    }

    private void ResetEvent()
    {
        _emitted = false;
        _hasData = false;
        _retry = -1;
        _data.Clear();
        _type.Clear();
    }
}
