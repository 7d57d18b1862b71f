using System.Buffers.Binary;

namespace Peregrine.Server.Registry;

/// <summary>Hashes short names and ids, several times as fast as <see cref="HashCode"/>. Pure.</summary>
internal static class KeyedHash
{
    /// <summary>Hashes bytes. The upper half is the better one.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="key">An odd number, drawn for the process where others choose the bytes: they could aim at collisions otherwise.</param>
    internal static ulong Of(ReadOnlySpan<byte> bytes, ulong key)
    {
        var hash = key ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), key);
            bytes = bytes[sizeof(ulong)..];
        }

        ulong rest = 0;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Mix(hash ^ rest, key);
    }

    private static ulong Mix(ulong value, ulong key)
    {
        var high = Math.BigMul(value, key * 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low;
    }
}
