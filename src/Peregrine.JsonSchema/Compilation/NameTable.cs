using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>Finds names by their UTF-8 bytes. Immutable; made once for a schema.</summary>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly ulong[] _keys;
    private readonly int[] _slots;
    private readonly int _shift;

    /// <summary>Makes a table of different names, which keep their indexes.</summary>
    public NameTable(IReadOnlyList<byte[]> names)
    {
        _names = [.. names];
        _keys = [.. names.Select(static n => Key(n))];
        var bits = Math.Max(2, BitOperations.Log2((uint)Math.Max(1, _names.Length)) + 2);
        _slots = new int[1 << bits];
        _shift = 64 - bits;
        for (var i = 0; i < _names.Length; i++)
        {
            var slot = Slot(_keys[i]);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = i + 1;
        }
    }

    /// <summary>Number of names.</summary>
    public int Count => _names.Length;

    /// <summary>A name by its index.</summary>
    public ReadOnlySpan<byte> this[int index] => _names[index];

    /// <summary>Index of a name, or -1. Quickest where it is the expected one: members mostly come in the order in which the schema names them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> name, int expected)
    {
        var keys = _keys;
        if ((uint)expected < (uint)keys.Length && keys[expected] == Key(name) && IsExactly(name, expected))
        {
            return expected;
        }

        return Find(name);
    }

    /// <summary>Index of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        var key = Key(name);
        var slots = _slots;
        var slot = Slot(key);
        while (true)
        {
            var index = slots[slot] - 1;
            if (index < 0)
            {
                return -1;
            }

            if (_keys[index] == key && IsExactly(name, index))
            {
                return index;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }
    }

    // The key of up to seven bytes holds them all; only their number is missing. A longer name is compared.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsExactly(ReadOnlySpan<byte> name, int index) => name.Length <= 7 ? _names[index].Length == name.Length : name.SequenceEqual(_names[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> _shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 8)
        {
            return MemoryMarshal.Read<ulong>(name) ^ BitOperations.RotateLeft(MemoryMarshal.Read<ulong>(name[^8..]), 29) ^ ((ulong)name.Length << 56);
        }

        if (name.Length >= 4)
        {
            return MemoryMarshal.Read<uint>(name) | ((ulong)MemoryMarshal.Read<uint>(name[^4..]) << 32);
        }

        return name.Length == 0 ? 0 : name[0] | ((ulong)name[name.Length / 2] << 8) | ((ulong)name[^1] << 16);
    }
}
