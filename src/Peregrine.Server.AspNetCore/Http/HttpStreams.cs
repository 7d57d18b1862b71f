using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Peregrine.Execution.Memory;
using Peregrine.Server.Content;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>Sends results that are made while they are sent: a piece goes out before the next is made, so a slow reader slows the making, and memory holds one piece.</summary>
internal static class HttpStreams
{
    /// <summary>Sends the reply as JSON, or as the last event where the stream has begun or the caller wants events.</summary>
    /// <exception cref="IOException">The result cannot be completed: the response must be broken off, for what was sent of it looks like the beginning of a good one.</exception>
    internal static async ValueTask SendAsync(HttpContext context, HttpExchange exchange, IResultStream result)
    {
        exchange.IsSending = true;
        var body = context.Response.BodyWriter;
        var isEvent = exchange.IsStreaming || !exchange.AcceptsJson;
        if (isEvent)
        {
            await exchange.StartEventsAsync(context.RequestAborted).ConfigureAwait(false);
            body.Write("event: message\ndata: "u8);
        }
        else
        {
            context.Response.ContentType = "application/json";
            if (result.Length >= 0)
            {
                context.Response.ContentLength = exchange.Reply.Length + result.Length + 1;
            }

            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        }

        body.Write(exchange.Reply.WrittenSpan);
        if (await SendPiecesAsync(body, exchange, result, context.RequestAborted).ConfigureAwait(false))
        {
            body.Write(isEvent ? "}\n\n"u8 : "}"u8);
            await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async ValueTask<bool> SendPiecesAsync(PipeWriter body, HttpExchange exchange, IResultStream result, CancellationToken cancellationToken)
    {
        using var lease = LongReplies.OpenLease(exchange);
        while (true)
        {
            var before = body.UnflushedBytes;
            var more = await result.WriteNextAsync(body, cancellationToken).ConfigureAwait(false);
            var written = body.UnflushedBytes - before;
            if (!TryTake(lease, written) && more && result is ContentStream stream)
            {
                stream.Fail($"resource_exhausted: the result was ended, for the server has as many bytes waiting for readers as it may have");
            }

            if (!more)
            {
                return true;
            }

            if ((await LongReplies.FlushAsync(body, lease, cancellationToken).ConfigureAwait(false)).IsCompleted)
            {
                // The caller takes no more.
                return false;
            }

            lease?.Return(lease.Bytes);
        }
    }

    private static bool TryTake(StreamLease? lease, long bytes)
    {
        try
        {
            lease?.Take(bytes);
            return true;
        }
        catch (ResourceExhaustedException)
        {
            return false;
        }
    }
}
