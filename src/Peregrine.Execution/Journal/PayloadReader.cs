using System.Buffers.Binary;
using System.Text;

namespace Peregrine.Execution.Journal;

/// <summary>Reads the payload of a record.</summary>
/// <remarks>Its checksum was right, so what does not fit is no damage but a fault of the writer; it shows as <see cref="ArgumentOutOfRangeException"/>.</remarks>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    internal byte Byte() => Bytes(1)[0];

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    internal string Text() => Encoding.UTF8.GetString(Bytes(Int32()));
}
