using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>
/// Tools by name, looked up by UTF-8 bytes without making a string. Immutable, read without a lock. Instead of <c>FrozenDictionary</c>, whose span look-up takes
/// characters: MCP's names come as bytes.
/// </summary>
internal sealed class ToolTable
{
    private readonly (byte[] Name, McpToolHandler Tool)[] _slots;
    private readonly int _mask;

    internal ToolTable(ReadOnlySpan<McpToolHandler> tools)
    {
        // At most half full, so that a look-up for an absent name ends soon.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(tools.Length * 2, 4));
        _slots = new (byte[], McpToolHandler)[size];
        _mask = size - 1;
        foreach (var tool in tools)
        {
            var name = Encoding.UTF8.GetBytes(tool.Definition.Name);
            var slot = Hash(name) & _mask;
            while (_slots[slot].Name is not null)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = (name, tool);
        }
    }

    internal McpToolHandler? Find(ReadOnlySpan<byte> name)
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
                return entry.Tool;
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
