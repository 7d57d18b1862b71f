using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Access;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>Turns replies into HTTP responses.</summary>
internal static class HttpReplies
{
    private const string Json = "application/json";

    /// <summary>Sends the exchange's reply: as JSON with its length, or as the last event where the stream has begun.</summary>
    internal static ValueTask SendAsync(HttpContext context, HttpExchange exchange) =>
        exchange.SendsMessages || exchange.UnreadBody is not null ? SendAfterNotificationsAsync(context, exchange) : SendReply(context, exchange);

    private static async ValueTask SendAfterNotificationsAsync(HttpContext context, HttpExchange exchange)
    {
        await exchange.BeginAnswerAsync().ConfigureAwait(false);
        await SendReply(context, exchange).ConfigureAwait(false);
    }

    private static ValueTask SendReply(HttpContext context, HttpExchange exchange)
    {
        if (exchange.IsCancelled)
        {
            return SendNothing(context, exchange);
        }

        if (exchange.StreamedResult is { } streamed)
        {
            return exchange.IsReadElsewhere ? SendGatheredAsync(exchange) : HttpStreams.SendAsync(context, exchange, streamed);
        }

        // An error that has a status of its own keeps it, whatever the caller accepts.
        if (exchange.IsStreaming || (!exchange.AcceptsJson && Status(exchange) == StatusCodes.Status200OK))
        {
            return exchange.SendLastEventAsync();
        }

        var response = context.Response;
        var status = Status(exchange);
        if (status != StatusCodes.Status200OK)
        {
            response.StatusCode = status;
            if (exchange.ErrorCode == ErrorCodes.Overloaded || status == StatusCodes.Status429TooManyRequests || exchange.ErrorStatus == StatusCodes.Status503ServiceUnavailable)
            {
                response.Headers.RetryAfter = Seconds(exchange.RetryAfter);
            }

            if (Challenge(exchange) is { } challenge)
            {
                response.Headers.WWWAuthenticate = challenge;
            }
        }

        response.ContentType = Json;
        if (exchange.Compressed is { } compressed && status == StatusCodes.Status200OK)
        {
            response.Headers.ContentEncoding = exchange.Coding;
            response.Headers.Vary = "Accept-Encoding";
            return Finish(WriteWhole(response, compressed.WrittenMemory));
        }

        if (exchange.Reply.Length + exchange.SharedResult.Length > LongReplies.From)
        {
            return LongReplies.SendAsync(context, exchange);
        }

        return Finish(exchange.SharedResult.IsEmpty ? WriteWhole(response, exchange.Reply.WrittenMemory) : WriteShared(response, exchange));
    }

    // What a caller comes back for is kept as events, and each is one message.
    private static async ValueTask SendGatheredAsync(HttpExchange exchange)
    {
        await exchange.GatherStreamedAsync().ConfigureAwait(false);
        await exchange.SendLastEventAsync().ConfigureAwait(false);
    }

    // Whoever cancels wants no reply (cancellation), but HTTP wants a response: a stream that ends.
    private static ValueTask SendNothing(HttpContext context, HttpExchange exchange)
    {
        if (!exchange.IsStreaming && exchange.AcceptsEvents)
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.ContentLength = 0;
        }
        else if (!exchange.IsStreaming)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        return default;
    }

    private static ValueTask<FlushResult> WriteWhole(HttpResponse response, ReadOnlyMemory<byte> reply)
    {
        response.ContentLength = reply.Length;
        return response.BodyWriter.WriteAsync(reply);
    }

    // A list goes from where it is kept straight into the connection's buffers.
    private static ValueTask<FlushResult> WriteShared(HttpResponse response, HttpExchange exchange)
    {
        var head = exchange.Reply.WrittenSpan;
        var shared = exchange.SharedResult;
        response.ContentLength = head.Length + shared.Length + 1;
        var starting = response.StartAsync();
        return starting.IsCompletedSuccessfully ? WriteSharedBody(response.BodyWriter, exchange) : AwaitStartAsync(starting, response.BodyWriter, exchange);
    }

    private static ValueTask<FlushResult> WriteSharedBody(PipeWriter body, HttpExchange exchange)
    {
        body.Write(exchange.Reply.WrittenSpan);
        body.Write(exchange.SharedResult.Span);
        body.Write("}"u8);
        return body.FlushAsync();
    }

    private static async ValueTask<FlushResult> AwaitStartAsync(Task starting, PipeWriter body, HttpExchange exchange)
    {
        await starting.ConfigureAwait(false);
        return await WriteSharedBody(body, exchange).ConfigureAwait(false);
    }

    /// <summary>Makes the response an event stream. Nothing was sent yet.</summary>
    internal static void BeginEvents(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Refuses a request before there is an exchange: a JSON-RPC error without id.</summary>
    internal static async Task RefuseAsync(HttpContext context, int status, int code, string message, ReadOnlyMemory<byte> data = default)
    {
        using var body = new PooledByteWriter(256);
        JsonRpcWriter.WriteError(body, default, code, message, data.Span);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>
    /// The status that goes with the reply: 400 for what is wrong with the request as a whole, 401 and 403 for who may not call a tool, 404 for unknown methods of the stateless era, 429 for a client that
    /// asks too much, 503 for a server that has too much to do, what the front said for lost and refused sessions, else 200.
    /// </summary>
    private static int Status(HttpExchange exchange) => exchange.ErrorCode switch
    {
        0 => StatusCodes.Status200OK,
        _ when exchange.ErrorStatus != 0 => exchange.ErrorStatus,
        _ when exchange.AccessRefusal == AccessRefusal.NoUser => StatusCodes.Status401Unauthorized,
        _ when exchange.AccessRefusal != AccessRefusal.None => StatusCodes.Status403Forbidden,
        _ when exchange.IsRequestFault => StatusCodes.Status400BadRequest,
        ErrorCodes.MethodNotFound when exchange.Era == ProtocolEra.Stateless => StatusCodes.Status404NotFound,
        ErrorCodes.MissingRequiredClientCapability when exchange.Era == ProtocolEra.Stateless => StatusCodes.Status400BadRequest,
        ErrorCodes.Overloaded when exchange.IsServerBusy => StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.Overloaded => StatusCodes.Status429TooManyRequests,
        ErrorCodes.Draining or ErrorCodes.NoHealthyServer => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status200OK,
    };

    // What a client needs to ask its issuer for more (authorization, scope challenges; RFC 6750, section 3). A role is nothing that it could ask for. Scopes have no quotes in them.
    private static string? Challenge(HttpExchange exchange)
    {
        var scopes = exchange.Handler is McpToolHandler { Definition.Scopes: { Count: > 0 } wanted } ? $"scope=\"{string.Join(' ', wanted)}\"" : "";
        return exchange.AccessRefusal switch
        {
            AccessRefusal.NoUser => scopes.Length == 0 ? "Bearer" : "Bearer " + scopes,
            AccessRefusal.LacksScope => "Bearer error=\"insufficient_scope\", " + scopes,
            _ => null,
        };
    }

    // The header knows whole seconds only (RFC 9110, section 10.2.3).
    private static string Seconds(TimeSpan retryAfter) =>
        Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static ValueTask Finish(ValueTask<FlushResult> writing) => writing.IsCompletedSuccessfully ? Consume(writing.Result) : AwaitAsync(writing);

    private static ValueTask Consume(FlushResult result)
    {
        _ = result;
        return default;
    }

    private static async ValueTask AwaitAsync(ValueTask<FlushResult> writing) => await writing.ConfigureAwait(false);
}
