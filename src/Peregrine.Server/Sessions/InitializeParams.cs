using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Clients;

namespace Peregrine.Server.Sessions;

/// <summary>Reads what a server wants to know of <c>initialize</c> beyond the revision.</summary>
internal static class InitializeParams
{
    /// <summary>The client's capabilities; none where they are missing or no object.</summary>
    internal static McpClientCapabilities ReadCapabilities(ReadOnlySpan<byte> message, in Envelope envelope)
    {
        var reader = new Utf8JsonReader(envelope.Params.Of(message));
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return McpClientCapabilities.None;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals("capabilities"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isWanted)
            {
                return isObject ? McpClientCapabilitiesCache.Shared.Get(envelope.Params.Of(message)[start..(int)reader.BytesConsumed]) : McpClientCapabilities.None;
            }
        }

        return McpClientCapabilities.None;
    }
}
