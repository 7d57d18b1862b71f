using Peregrine.Protocol.Buffers;

namespace Peregrine.Protocol.Framing;

/// <summary>
/// Cuts a byte stream into the messages of MCP's stdio transport: one a line, ended by LF (a CR before it is dropped, empty lines are skipped).
/// A line over the limit is reported and skipped, never gathered. Not thread-safe: one reader owns it.
/// </summary>
/// <remarks>
/// Use: fill <see cref="GetBuffer"/>, call <see cref="Advance"/>, then <see cref="TryRead"/> until it wants more. What was looked at once is not searched again,
/// so a long line costs linear time however it is cut up. Lines lie in the framer's own pooled buffer until the next <see cref="GetBuffer"/>.
/// </remarks>
public sealed class LineFramer : IDisposable
{
    private readonly int _maxLineLength;
    private readonly int _initialCapacity;
    private byte[] _buffer;
    private int _start;
    private int _searched;
    private int _given;
    private int _end;
    private bool _skipping;

    /// <summary>Makes a framer.</summary>
    /// <param name="maxLineLength">The longest line taken, in bytes, without its end.</param>
    /// <param name="initialCapacity">
    /// Bytes of buffer at first. It grows by doubling as lines demand, to at most twice the limit or twice this, whichever is more, as long as
    /// <see cref="TryRead"/> is called until it wants more.
    /// </param>
    public LineFramer(int maxLineLength, int initialCapacity = 64 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLineLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCapacity);
        _maxLineLength = maxLineLength;
        _initialCapacity = initialCapacity;
        _buffer = PooledArrays.Rent<byte>(initialCapacity);
    }

    /// <summary>Bytes received of a line that has not ended.</summary>
    public int PendingLength => _end - _start;

    /// <summary>Room for the next bytes; never empty.</summary>
    /// <exception cref="ObjectDisposedException">The framer was disposed.</exception>
    public Memory<byte> GetBuffer()
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        if (_start == _end)
        {
            _start = _searched = _end = 0;
            ShrinkIfLarge();
        }
        else if (_start > 0 && _buffer.Length - _end <= _initialCapacity / 4)
        {
            // Move the unfinished line to the front only when room gets short: a copy a read would cost more than it saves.
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Grow();
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Takes <paramref name="count"/> bytes that were put into the buffer.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _end));
        _end += count;
    }

    /// <summary>Gives the next line, without its end.</summary>
    public FrameResult TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            line = default;
            var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found < 0)
            {
                return NoLineYet();
            }

            var from = _start;
            _given = from;
            var length = _searched + found - from;
            _start = _searched = from + length + 1;
            if (_skipping)
            {
                _skipping = false;
                continue;
            }

            length = WithoutCarriageReturn(from, length);
            if (length > _maxLineLength)
            {
                return FrameResult.Oversized;
            }

            line = _buffer.AsSpan(from, length);
            if (!line.IsEmpty)
            {
                return FrameResult.Line;
            }
        }
    }

    /// <summary>Takes back the line that <see cref="TryRead"/> has just given; the next call gives it again. Once a line, and before <see cref="GetBuffer"/>.</summary>
    internal void PutBack() => _start = _searched = _given;

    /// <summary>At the end of the stream: what is left without a line feed, or empty. MCP ends every message with one, but a last one may lack it.</summary>
    public ReadOnlySpan<byte> TakeRest()
    {
        var rest = _skipping ? default : _buffer.AsSpan(_start, WithoutCarriageReturn(_start, _end - _start));
        _start = _searched = _end;
        return rest;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _start = _searched = _end = 0;
        if (buffer.Length > 0)
        {
            PooledArrays.Return(buffer);
        }
    }

    private FrameResult NoLineYet()
    {
        _searched = _end;
        if (_skipping)
        {
            _start = _end;
            return FrameResult.NeedMore;
        }

        if (WithoutCarriageReturn(_start, _end - _start) <= _maxLineLength)
        {
            return FrameResult.NeedMore;
        }

        _skipping = true;
        _start = _end;
        return FrameResult.Oversized;
    }

    private int WithoutCarriageReturn(int from, int length) =>
        length > 0 && _buffer[from + length - 1] == (byte)'\r' ? length - 1 : length;

    private void Grow()
    {
        var grown = PooledArrays.Rent<byte>((int)Math.Min(2L * _buffer.Length, Array.MaxLength));
        _buffer.AsSpan(_start, _end - _start).CopyTo(grown);
        PooledArrays.Return(_buffer);
        _buffer = grown;
        _searched -= _start;
        _end -= _start;
        _start = 0;
    }

    private void ShrinkIfLarge()
    {
        if (_buffer.Length / 4 > _initialCapacity)
        {
            PooledArrays.Return(_buffer);
            _buffer = PooledArrays.Rent<byte>(_initialCapacity);
        }
    }
}
