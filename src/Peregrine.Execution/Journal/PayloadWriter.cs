using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Peregrine.Execution.Journal;

/// <summary>Writes records behind each other. Not thread-safe.</summary>
internal sealed class PayloadWriter
{
    // What a quiet journal keeps.
    private const int KeptCapacity = 1024 * 1024;

    private ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private int _start;

    internal int Length => _buffer.WrittenCount;

    internal ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    internal void Begin()
    {
        _start = _buffer.WrittenCount;
        _buffer.GetSpan(RecordFormat.HeaderLength)[..RecordFormat.HeaderLength].Clear();
        _buffer.Advance(RecordFormat.HeaderLength);
    }

    internal void End(RecordKind kind) => RecordFormat.Seal(System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory)[_start..].Span, kind);

    internal void Write(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    internal void Write(byte value) => _buffer.Write([value]);

    internal void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    internal void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    internal void Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Write(length);
        Encoding.UTF8.GetBytes(text, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }

    internal void Clear()
    {
        if (_buffer.Capacity > KeptCapacity)
        {
            _buffer = new ArrayBufferWriter<byte>(16 * 1024);
        }
        else
        {
            _buffer.ResetWrittenCount();
        }
    }
}
