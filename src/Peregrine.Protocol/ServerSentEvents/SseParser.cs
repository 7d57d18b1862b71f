using System.Buffers.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Protocol.ServerSentEvents;

/// <summary>
/// Reads an event stream (WHATWG HTML, section 9.2.6) fed in any pieces. Lines may end in LF, CR or CRLF. An event over the limit is
/// dropped and reported. Not thread-safe.
/// </summary>
public sealed class SseParser : IDisposable
{
    private readonly int _maxEventLength;
    private readonly PooledByteWriter _line = new(256);
    private readonly PooledByteWriter _data = new();
    private readonly PooledByteWriter _type = new(32);
    private readonly PooledByteWriter _id = new(32);
    private long _retry = -1;
    private bool _hasData;
    private bool _afterCarriageReturn;
    private bool _emitted;
    private bool _oversized;
    private bool _atStart = true;
    private bool _lineDropped;

    /// <summary>Makes a parser.</summary>
    /// <param name="maxEventLength">The most bytes that one event's data may have.</param>
    public SseParser(int maxEventLength = 16 * 1024 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEventLength);
        _maxEventLength = maxEventLength;
    }

    /// <summary>True where an event passed the limit since the last look; looking clears it.</summary>
    public bool TakeOversized()
    {
        var was = _oversized && !InOversized;
        if (was)
        {
            _oversized = false;
        }

        return was;
    }

    private bool InOversized { get; set; }

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

            AppendToLine(bytes[..end]);
            _afterCarriageReturn = bytes[end] == (byte)'\r';
            bytes = bytes[(end + 1)..];
            if (TakeLine() && TryEmit(out sseEvent))
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
    }

    private void AppendToLine(ReadOnlySpan<byte> part)
    {
        if (InOversized)
        {
            _lineDropped |= !part.IsEmpty;
            return;
        }

        // 64: room for the field's name, so that the limit speaks of data.
        if (_line.Length + _data.Length + part.Length > _maxEventLength + 64L)
        {
            InOversized = true;
            _oversized = true;
            _data.Clear();
            _line.Clear();
            _hasData = false;
            _lineDropped = true;
            return;
        }

        _line.Write(part);
    }

    // True where the line was empty, which ends the event.
    private bool TakeLine()
    {
        var line = _line.WrittenSpan;
        if (_atStart)
        {
            _atStart = false;
            if (line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }
        }

        if (line.IsEmpty && !_lineDropped)
        {
            InOversized = false;
            return true;
        }

        _lineDropped = false;

        if (!InOversized && !line.IsEmpty && line[0] != (byte)':')
        {
            var colon = line.IndexOf((byte)':');
            var name = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? default : line[(colon + 1)..];
            TakeField(name, value.StartsWith(" "u8) ? value[1..] : value);
        }

        _line.Clear();
        return false;
    }

    private void TakeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("data"u8))
        {
            if (_hasData)
            {
                _data.WriteByte((byte)'\n');
            }

            _data.Write(value);
            _hasData = true;
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
        else if (name.SequenceEqual("retry"u8) && Utf8Parser.TryParse(value, out long retry, out var used) && used == value.Length && retry >= 0)
        {
            _retry = retry;
        }
    }

    private bool TryEmit(out SseEvent sseEvent)
    {
        if (!_hasData)
        {
            _type.Clear();
            sseEvent = default;
            return false;
        }

        sseEvent = new SseEvent
        {
            Type = _type.Length == 0 ? "message"u8 : _type.WrittenSpan,
            Data = _data.WrittenSpan,
            LastEventId = _id.WrittenSpan,
            RetryMilliseconds = _retry,
        };
        _emitted = true;
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
