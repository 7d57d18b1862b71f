using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Peregrine.Execution.Journal;

/// <summary>
/// The frame of a record: two bytes that mark it, its kind, the version of the format, the length of its payload, the payload's checksum, and the checksum of all that; then the payload.
/// Numbers are little-endian; checksums are CRC-32C. The header has a checksum of its own so that a length that is wrong is not believed. No state.
/// </summary>
internal static class RecordFormat
{
    internal const int HeaderLength = 16;
    private const ushort Mark = 0xFA1C;
    private const byte Version = 1;
    private const int MaxPayload = 1 << 30;

    /// <summary>Writes the header of a record whose payload is behind it already.</summary>
    internal static void Seal(Span<byte> record, RecordKind kind)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(record, Mark);
        record[2] = (byte)kind;
        record[3] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], record.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Checksum(record[HeaderLength..]));
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], Checksum(record[..12]));
    }

    /// <summary>Reads the record at <paramref name="at"/>.</summary>
    internal static FrameState Read(ReadOnlySpan<byte> bytes, int at, out RecordKind kind, out ReadOnlySpan<byte> payload)
    {
        kind = default;
        payload = default;
        var rest = bytes[at..];
        if (rest.Length < HeaderLength)
        {
            return FrameState.Cut;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(rest) != Mark || rest[3] != Version || length is < 0 or > MaxPayload
            || BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]) != Checksum(rest[..12]))
        {
            return FrameState.Damaged;
        }

        if (rest.Length - HeaderLength < length)
        {
            return FrameState.Cut;
        }

        payload = rest.Slice(HeaderLength, length);
        kind = (RecordKind)rest[2];
        return BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]) == Checksum(payload) ? FrameState.Whole : FrameState.Damaged;
    }

    /// <summary>The next place behind <paramref name="at"/> at which a whole record begins; negative where there is none.</summary>
    internal static int FindNext(ReadOnlySpan<byte> bytes, int at)
    {
        for (at++; at < bytes.Length; at++)
        {
            var found = bytes[at..].IndexOf((byte)(Mark & 0xFF));
            if (found < 0)
            {
                return -1;
            }

            at += found;
            if (Read(bytes, at, out _, out _) == FrameState.Whole)
            {
                return at;
            }
        }

        return -1;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var checksum = uint.MaxValue;
        foreach (var word in words)
        {
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var one in bytes[(words.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, one);
        }

        return ~checksum;
    }
}
