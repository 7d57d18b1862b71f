using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Pagination;

/// <summary>Answers the requests for lists (2025-11-25 and 2026-07-28, pagination). No state.</summary>
internal static class ListReplies
{
    // Longer than any cursor even where each of its characters is escaped.
    private const int MaxRawLength = (CursorSeal.TextLength * 6) + 2;

    /// <summary>Answers with the page that the request asks for.</summary>
    internal static void Answer(McpExchange exchange, PagedList list)
    {
        ref readonly var envelope = ref exchange.Envelope;
        if (!envelope.Cursor.IsPresent)
        {
            exchange.ReturnShared(list.First(exchange.Era));
            return;
        }

        var raw = envelope.Cursor.Of(exchange.Body.Span);
        if (!JsonText.IsString(raw))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid cursor: \"cursor\" must be a string, the \"nextCursor\" of the page before; leave it out for the first page");
            return;
        }

        Span<byte> buffer = stackalloc byte[MaxRawLength];
        if (raw.Length <= MaxRawLength && JsonText.TryGetContent(raw, buffer, out var text) && list.TryGetPage(text, exchange.Era, out var page))
        {
            exchange.ReturnShared(page);
            return;
        }

        exchange.Fail(ErrorCodes.InvalidParams,
            "Invalid cursor: it is not one of this list, or the list has changed too much since; begin anew without a cursor");
    }
}
