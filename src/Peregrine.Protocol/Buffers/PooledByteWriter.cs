using System.Buffers;
using System.Runtime.CompilerServices;

namespace Peregrine.Protocol.Buffers;

/// <summary>
/// A growing byte buffer from the shared array pool, kept between messages. One owner at a time; not thread-safe. Spans and memory it hands out
/// are valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.
/// </summary>
/// <remarks>Instead of <see cref="ArrayBufferWriter{T}"/>, which allocates what it grows by and never gives it back.</remarks>
public sealed class PooledByteWriter : IBufferWriter<byte>, IDisposable
{
    // What an idle writer may keep: enough for nearly every reply, little enough that thousands of idle writers do not matter.
    private const int KeptCapacity = 16 * 1024;

    // What is not worth counting: nearly every message is shorter.
    private const int UncountedCapacity = 64 * 1024;

    private readonly int _initialCapacity;
    private int _counted;
    private byte[] _buffer;
    private int _written;

    /// <summary>Makes an empty writer; it rents memory at the first write.</summary>
    /// <param name="initialCapacity">Bytes rented at first. Default 1,024.</param>
    public PooledByteWriter(int initialCapacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCapacity);
        _initialCapacity = initialCapacity;
        _buffer = [];
    }

    /// <summary>Where memory beyond 64 KiB is counted; null for nowhere.</summary>
    public IBufferBudget? Budget { get; set; }

    /// <summary>Number of bytes written.</summary>
    public int Length => _written;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _written);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _written);

    /// <summary>What was written, for changing it in place.</summary>
    internal Span<byte> WrittenSpanForEdit => _buffer.AsSpan(0, _written);

    /// <summary>Forgets what was written. Gives memory back where it is more than an idle writer should keep.</summary>
    public void Clear()
    {
        _written = 0;
        if (_buffer.Length > PooledArrays.Kept(KeptCapacity))
        {
            Return();
        }
    }

    /// <summary>Forgets what was written behind <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_written);
        _written = length;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _written));
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_written);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_written);
    }

    /// <summary>Appends <paramref name="bytes"/>, which must not lie in this writer's own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_written));
        _written += bytes.Length;
    }

    /// <summary>Appends one byte.</summary>
    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_written++] = value;
    }

    /// <summary>Gives the memory back to the pool. The writer may be used again.</summary>
    public void Dispose()
    {
        _written = 0;
        Return();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int size)
    {
        if (_buffer.Length - _written < size)
        {
            Grow(size);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        var needed = checked(_written + size);
        var capacity = Math.Max(needed, Math.Max(_initialCapacity, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        if (Budget is not null && capacity > UncountedCapacity)
        {
            capacity = _counted + Budget.Take(capacity - _counted, needed - _counted);
        }

        var counted = Budget is not null && capacity > UncountedCapacity ? capacity : 0;
        var grown = PooledArrays.Rent<byte>(capacity);
        _buffer.AsSpan(0, _written).CopyTo(grown);
        var written = _written;

        // What was counted for the old memory goes over to the new.
        _counted = 0;
        Return();
        _buffer = grown;
        _written = written;
        _counted = counted;
    }

    private void Return()
    {
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length == 0)
        {
            return;
        }

        if (_counted > 0)
        {
            Budget?.Return(_counted);
            _counted = 0;
        }

#if DEBUG
        // Whoever still reads here reads rubbish in a debug build, instead of somebody else's message in production.
        buffer.AsSpan().Fill(0xDB);
#endif
        PooledArrays.Return(buffer);
    }
}
