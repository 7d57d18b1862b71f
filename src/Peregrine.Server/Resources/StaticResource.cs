using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources;

/// <summary>A resource that never changes: its result is written when it is first read, once per era, and shared from then on. Belongs to one server.</summary>
internal sealed class StaticResource(McpResourceDefinition definition, McpResourceContents contents) : McpResourceHandler(definition)
{
    private readonly McpResourceResult _result = McpResourceResult.From(contents);
    private byte[]? _session;
    private byte[]? _stateless;

    public override ValueTask<McpResourceResult> ReadAsync(McpResourceRequest request, McpCall call) => new(_result);

    /// <summary>The whole result, which never changes.</summary>
    internal byte[] ResultFor(ProtocolEra era, PeregrineServer server)
    {
        ref var kept = ref era == ProtocolEra.Stateless ? ref _stateless : ref _session;
        var result = Volatile.Read(ref kept);
        if (result is null)
        {
            using var writer = new PooledByteWriter(4096);
            writer.Write(ResourceReading.Head);
            ResourceWriter.WriteContents(writer, contents);
            ResourceReading.WriteTail(writer, era, server, Definition.TimeToLive, Definition.CacheScope);
            result = writer.WrittenSpan.ToArray();
            Volatile.Write(ref kept, result);
        }

        return result;
    }
}
