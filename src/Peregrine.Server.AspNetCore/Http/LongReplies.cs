using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Peregrine.Execution.Memory;
using Peregrine.Server.Memory;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>Sends long replies in pieces, so that the host holds one of them and not a second copy of the whole, and watches whether the reader takes them.</summary>
internal static class LongReplies
{
    /// <summary>Replies from this length on are sent so.</summary>
    internal const int From = 256 * 1024;

    private const int Piece = 64 * 1024;

    /// <summary>Sends the exchange's reply as JSON.</summary>
    internal static async ValueTask SendAsync(HttpContext context, HttpExchange exchange)
    {
        exchange.IsSending = true;
        using var own = exchange.Budget?.Lease is null ? OpenLease(exchange) : null;
        var lease = exchange.Budget?.Lease ?? own;
        var (head, shared) = (exchange.Reply.WrittenMemory, exchange.SharedResult);
        context.Response.ContentLength = head.Length + (shared.IsEmpty ? 0 : shared.Length + 1);
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        var body = context.Response.BodyWriter;
        if (await SendAsync(body, head, lease, context.RequestAborted).ConfigureAwait(false)
            && !shared.IsEmpty && await SendAsync(body, shared, lease, context.RequestAborted).ConfigureAwait(false))
        {
            body.Write("}"u8);
        }

        await FlushAsync(body, lease, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Begins to watch what is sent; null where nobody counts memory.</summary>
    internal static StreamLease? OpenLease(HttpExchange exchange) => exchange.Budget is { } budget ? ReplyBudget.Open(exchange, budget.Governor) : null;

    /// <summary>Sends what was written, while it is watched whether the reader takes it.</summary>
    internal static async ValueTask<FlushResult> FlushAsync(PipeWriter body, StreamLease? lease, CancellationToken cancellationToken)
    {
        var flushing = body.FlushAsync(cancellationToken);
        if (flushing.IsCompleted)
        {
            return await flushing.ConfigureAwait(false);
        }

        lease?.BeginWaiting();
        var result = await flushing.ConfigureAwait(false);
        lease?.EndWaiting();
        return result;
    }

    // False where the caller takes no more.
    private static async ValueTask<bool> SendAsync(PipeWriter body, ReadOnlyMemory<byte> bytes, StreamLease? lease, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(Piece, bytes.Length)];
            body.Write(piece.Span);
            if ((await FlushAsync(body, lease, cancellationToken).ConfigureAwait(false)).IsCompleted)
            {
                return false;
            }

            bytes = bytes[piece.Length..];
        }

        return true;
    }
}
