using System.Numerics;
using System.Text;

namespace Peregrine.Server.Registry;

/// <summary>
/// Tools, prompts, resources or what a gateway offers by name, looked up by UTF-8 bytes without making a string. Immutable, read without a lock. Instead of <c>FrozenDictionary</c>, whose
/// span look-up takes characters: MCP's names come as bytes.
/// </summary>
internal sealed class NameTable<T>
    where T : class
{
    private readonly (byte[] Name, T Item)[] _slots;
    private readonly int _mask;
    private readonly ulong _key;

    /// <summary>Makes a table.</summary>
    /// <param name="items">The items; their names differ.</param>
    /// <param name="nameOf">Gives an item's name.</param>
    /// <param name="key">
    /// A number drawn for the process where others choose the names: theirs must not be able to all fall into one slot. A server's own names need none, for nobody can aim at collisions by
    /// choosing what is looked up.
    /// </param>
    internal NameTable(ReadOnlySpan<T> items, Func<T, string> nameOf, ulong key = 0)
    {
        _key = key | 1;

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

    private int Hash(ReadOnlySpan<byte> name) => (int)(KeyedHash.Of(name, _key) >> 33);
}
