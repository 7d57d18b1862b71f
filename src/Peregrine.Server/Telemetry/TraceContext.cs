using System.Diagnostics;
using System.Text.Json;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Telemetry;

/// <summary>Reads the trace that a request belongs to from its <c>_meta</c> (W3C <c>traceparent</c> and <c>tracestate</c>).</summary>
internal static class TraceContext
{
    // A traceparent has 55 characters; a tracestate may have 512 (W3C Trace Context, 3.3.1.5).
    private const int MaxParentLength = 64;
    private const int MaxStateLength = 512;

    /// <summary>True where a request seems to say what it belongs to.</summary>
    internal static bool IsPresent(McpExchange exchange) => exchange.Envelope.Meta.Of(exchange.Body.Span).IndexOf("traceparent"u8) >= 0;

    /// <summary>The caller's span; none where <c>_meta</c> has no valid one.</summary>
    internal static ActivityContext Read(McpExchange exchange)
    {
        if (!IsPresent(exchange))
        {
            return default;
        }

        var meta = exchange.Envelope.Meta.Of(exchange.Body.Span);
        string? parent = null, state = null;
        var reader = new Utf8JsonReader(meta);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParent = JsonText.TokenEquals(reader, "traceparent"u8);
            var isState = JsonText.TokenEquals(reader, "tracestate"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                parent = isParent && reader.ValueSpan.Length <= MaxParentLength && JsonText.TryGetTokenString(reader, out var parentText) ? parentText : parent;
                state = isState && reader.ValueSpan.Length <= MaxStateLength && JsonText.TryGetTokenString(reader, out var stateText) ? stateText : state;
            }

            reader.Skip();
        }

        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }
}
