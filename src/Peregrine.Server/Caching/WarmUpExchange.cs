using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Caching;

/// <summary>A call that nobody has made, for its result's sake.</summary>
internal sealed class WarmUpExchange : McpExchange
{
    internal WarmUpExchange(McpCachedCall call, ProtocolVersion version)
    {
        using var message = new PooledByteWriter(512);
        message.Write("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"tools/call\",\"params\":{\"name\":"u8);
        JsonStringWriter.WriteString(message, call.Tool.AsSpan());
        message.Write(",\"arguments\":"u8);
        message.Write(Encoding.UTF8.GetBytes(call.Arguments));
        message.Write("}}"u8);
        if (!EnvelopeReader.TryRead(message.WrittenSpan, out var envelope))
        {
            throw new JsonException($"The arguments of \"{call.Tool}\" in the warm-up list are not one JSON object: {call.Arguments}");
        }

        Load(message.WrittenSpan, envelope);
        Version = version;
    }

    /// <inheritdoc/>
    internal override bool CanSendMessages => false;

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) => default;
}
