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

    internal RegistrySnapshot(RegistryContents contents, ServerIdentity identity, TimeSpan listTimeToLive)
    {
        Contents = contents;
        _table = new ToolTable(contents.Tools.AsSpan());
        using var writer = new PooledByteWriter(4096);
        ToolListWriter.WriteTools(writer, contents.Tools.AsSpan());
        var list = writer.WrittenSpan;
        SessionToolsList = [.. "{\"tools\":"u8, .. list, .. "}"u8];
        StatelessToolsList = [.. "{\"tools\":"u8, .. list, .. identity.CacheableSuffix(listTimeToLive), .. "}"u8];
    }

    internal RegistryContents Contents { get; }

    /// <summary>The result of <c>tools/list</c> in the session era.</summary>
    internal byte[] SessionToolsList { get; }

    /// <summary>The result of <c>tools/list</c> in the stateless era.</summary>
    internal byte[] StatelessToolsList { get; }

    internal McpToolHandler? FindTool(ReadOnlySpan<byte> name) => _table.Find(name);
}
