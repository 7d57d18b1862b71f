using System.Text.Json;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Caching;

/// <summary>
/// How one call says that it wants no result from the cache: with <c>"peregrine/cache": "bypass"</c> in <c>_meta</c>, or over HTTP with the header <c>Cache-Control: no-cache</c>. No state.
/// </summary>
internal static class CacheBypass
{
    internal static bool IsWanted(McpExchange exchange)
    {
        var meta = exchange.Envelope.Meta.Of(exchange.Body.Span);
        return (meta.IndexOf("peregrine"u8) >= 0 && Says(meta))
            || (exchange.HasHeaders && exchange.FindHeader("Cache-Control", out var control) == 1 && control.Contains("no-cache", StringComparison.OrdinalIgnoreCase));
    }

    private static bool Says(ReadOnlySpan<byte> meta)
    {
        var reader = new Utf8JsonReader(meta);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = JsonText.TokenEquals(reader, "peregrine/cache"u8);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.String && JsonText.TokenEquals(reader, "bypass"u8);
            }

            reader.Skip();
        }

        return false;
    }
}
