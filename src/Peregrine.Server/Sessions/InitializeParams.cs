using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Clients;

namespace Peregrine.Server.Sessions;

/// <summary>Reads what a server wants to know of <c>initialize</c> beyond the revision.</summary>
internal static class InitializeParams
{
    /// <summary>The client's capabilities; none where they are missing or no object.</summary>
    internal static McpClientCapabilities ReadCapabilities(ReadOnlySpan<byte> message, in Envelope envelope) =>
        McpClientCapabilitiesCache.Shared.Get(JsonObject.Find(envelope.Params.Of(message), "capabilities"u8));

    /// <summary>Which program the client says it is; null where it does not say.</summary>
    internal static McpClientInfo? ReadClientInfo(ReadOnlySpan<byte> message, in Envelope envelope) =>
        McpClientInfo.Get(JsonObject.Find(envelope.Params.Of(message), "clientInfo"u8));
}
