using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Peregrine.Gateway.Catalog;

/// <summary>
/// Items by name, looked up by UTF-8 bytes without making a string. Immutable, read without a lock. Keyed with a number drawn for this process:
/// the names come from servers that the gateway does not trust, and must not be able to all fall into one slot.
/// </summary>
internal sealed class NameTable
{
    private readonly (byte[] Name, CatalogItem Item)[] _slots;
    private readonly int _mask;
    private readonly ulong _key;

    internal NameTable(IReadOnlyList<CatalogItem> items, ulong key)
    {
        // At most half full, so that a look-up for an absent name ends soon.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(items.Count * 2, 4));
        _slots = new (byte[], CatalogItem)[size];
        _mask = size - 1;
        _key = key | 1;
        foreach (var item in items)
        {
            var name = Encoding.UTF8.GetBytes(item.FullName);
            var slot = Hash(name) & _mask;
            while (_slots[slot].Name is not null)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = (name, item);
        }
    }

    internal CatalogItem? Find(ReadOnlySpan<byte> name)
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

    private int Hash(ReadOnlySpan<byte> name)
    {
        var hash = _key ^ (ulong)name.Length;
        while (name.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name));
            name = name[8..];
        }

        ulong rest = 0;
        foreach (var b in name)
        {
            rest = (rest << 8) | b;
        }

        return (int)(Mix(hash ^ rest) >> 33);
    }

    private ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, _key * 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low;
    }
}
