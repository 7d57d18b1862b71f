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
        return (meta.IndexOf("peregrine"u8) >= 0 && JsonText.ContentEquals(JsonObject.Find(meta, "peregrine/cache"u8), "bypass"u8))
            || (exchange.HasHeaders && exchange.FindHeader("Cache-Control", out var control) == 1 && control.Contains("no-cache", StringComparison.OrdinalIgnoreCase));
    }
}
