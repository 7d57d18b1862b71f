using Peregrine.Protocol.Buffers;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>
/// All that a server offers at one moment, and its lists as bytes. Immutable: a change makes a new one. Lists are serialised once per snapshot and era; serving
/// one is a copy with the id spliced in.
/// </summary>
internal sealed class RegistrySnapshot
{
    private readonly ToolTable _table;

    internal RegistrySnapshot(McpToolHandler[] tools, ServerIdentity identity, TimeSpan listTimeToLive)
    {
        Tools = tools;
        _table = new ToolTable(tools);
        using var writer = new PooledByteWriter(4096);
        ToolListWriter.WriteTools(writer, tools);
        var list = writer.WrittenSpan;
        SessionToolsList = [.. "{\"tools\":"u8, .. list, .. "}"u8];
        StatelessToolsList = [.. "{\"tools\":"u8, .. list, .. identity.CacheableSuffix(listTimeToLive), .. "}"u8];
    }

    internal IReadOnlyList<McpToolHandler> Tools { get; }

    /// <summary>The result of <c>tools/list</c> in the session era.</summary>
    internal byte[] SessionToolsList { get; }

    /// <summary>The result of <c>tools/list</c> in the stateless era.</summary>
    internal byte[] StatelessToolsList { get; }

    internal McpToolHandler? FindTool(ReadOnlySpan<byte> name) => _table.Find(name);
}
