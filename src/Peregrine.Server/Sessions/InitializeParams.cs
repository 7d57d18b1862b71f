using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Clients;

namespace Peregrine.Server.Sessions;

/// <summary>Reads what a server wants to know of <c>initialize</c> beyond the revision.</summary>
internal static class InitializeParams
{
    /// <summary>The client's capabilities; none where they are missing or no object.</summary>
    internal static McpClientCapabilities ReadCapabilities(ReadOnlySpan<byte> message, in Envelope envelope) =>
        Find(envelope.Params.Of(message), "capabilities"u8) is { IsEmpty: false } json ? McpClientCapabilitiesCache.Shared.Get(json) : McpClientCapabilities.None;

    /// <summary>Which program the client says it is; null where it does not say.</summary>
    internal static McpClientInfo? ReadClientInfo(ReadOnlySpan<byte> message, in Envelope envelope) => McpClientInfo.Get(Find(envelope.Params.Of(message), "clientInfo"u8));

    // The raw object that is the member with this name; empty where there is none.
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(parameters);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return default;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = JsonText.TokenEquals(reader, name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isWanted)
            {
                return isObject ? parameters[start..(int)reader.BytesConsumed] : default;
            }
        }

        return default;
    }
}
