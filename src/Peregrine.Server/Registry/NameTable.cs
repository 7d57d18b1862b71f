using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Peregrine.Server.Registry;

/// <summary>
/// Tools, prompts or resources by name, looked up by UTF-8 bytes without making a string. Immutable, read without a lock. Instead of <c>FrozenDictionary</c>, whose span look-up takes
/// characters: MCP's names come as bytes.
/// </summary>
internal sealed class NameTable<T>
    where T : class
{
    private readonly (byte[] Name, T Item)[] _slots;
    private readonly int _mask;

    /// <summary>Makes a table.</summary>
    /// <param name="items">The items; their names differ.</param>
    /// <param name="nameOf">Gives an item's name.</param>
    internal NameTable(ReadOnlySpan<T> items, Func<T, string> nameOf)
    {
        // At most half full, so that a look-up for an absent name ends soon.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(items.Length * 2, 4));
        _slots = new (byte[], T)[size];
        _mask = size - 1;
        foreach (var item in items)
        {
            var name = Encoding.UTF8.GetBytes(nameOf(item));
            var slot = Hash(name) & _mask;
            while (_slots[slot].Name is not null)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = (name, item);
        }
    }

    internal T? Find(ReadOnlySpan<byte> name)
    {
        var slots = _slots;
        for (var slot = Hash(name) & _mask; ; slot = (slot + 1) & _mask)
        {
            ref readonly var entry = ref slots[slot];
            if (entry.Name is null)
            {
                return null;
            }

            if (name.SequenceEqual(entry.Name))
            {
                return entry.Item;
            }
        }
    }

    // The names are the server's own, so nobody can aim at collisions by choosing what is looked up: cheap mixing of head, tail and length is enough.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        ulong head = 0, tail = 0;
        if (name.Length >= 8)
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else
        {
            foreach (var b in name)
            {
                head = (head << 8) | b;
            }
        }

        var mixed = (head * 0x9E3779B97F4A7C15UL) ^ BitOperations.RotateLeft(tail * 0xC2B2AE3D27D4EB4FUL, 31) ^ (ulong)name.Length;
        return (int)((mixed ^ (mixed >> 32)) * 0x9E3779B1UL >> 16) & int.MaxValue;
    }
}
