using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Security;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Subscriptions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Server.AspNetCore.Http;

/// <summary>
/// MCP's Streamable HTTP for both eras at one URL. A plain request delegate: no model binding, nothing built per request. Sessions of the older revisions cost only those
/// requests that name one. Thread-safe.
/// </summary>
internal sealed partial class HttpFront
{
    // Bodies of this length are gathered without growing; announcing more costs the sender the sending of it.
    private const int MaxAnnouncedBytes = 256 * 1024;

    private const string Draining = "Draining: this server is about to end and takes no new calls; try again";

    private static readonly byte[] Retryable = "{\"retryable\":true}"u8.ToArray();

    private readonly IMcpResponder _responder;
    private readonly HttpFrontOptions _options;
    private readonly OriginGuard _guard;
    private readonly HttpExchangePool _pool = new();
    private readonly ServerDrain _drain;
    private readonly ILogger _logger;
    private readonly HttpSessions? _sessions;

    internal HttpFront(IMcpResponder responder, HttpFrontOptions options, ServerDrain drain, ILogger logger)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _responder = responder;
        _options = options;
        _drain = drain;
        _logger = logger;
        _guard = new OriginGuard(options);
        _sessions = options.Sessions.Enabled
            ? new HttpSessions(options.Sessions, options.TimeProvider, ThreadPoolScheduler.Instance, logger)
            {
                Revived = responder is ISessionResponder listening ? listening.OnRevived : null,
            }
            : null;
    }

    /// <summary>Answers one HTTP request.</summary>
    internal Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (_guard.Refuse(context) is { } forbidden)
        {
            return HttpReplies.RefuseAsync(context, StatusCodes.Status403Forbidden, ErrorCodes.InvalidRequest, forbidden);
        }

        // In a session an answer may come that a call in flight waits for, or the end of the session.
        if (_drain.HasBegun && !request.Headers.ContainsKey(McpHeaderNames.SessionId))
        {
            // Another node may take it: a balancer, and a client that knows the code, try again elsewhere.
            context.Response.Headers.RetryAfter = "1";
            return HttpReplies.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, ErrorCodes.Draining, Draining, Retryable);
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return HandleOtherMethodAsync(context);
        }

        if (!IsJson(request.ContentType))
        {
            return HttpReplies.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, ErrorCodes.InvalidRequest,
                "Unsupported media type: send Content-Type: application/json");
        }

        ReadAccept(request.Headers.Accept.ToString(), out var json, out var events);
        if (!json && !events)
        {
            return HttpReplies.RefuseAsync(context, StatusCodes.Status406NotAcceptable, ErrorCodes.InvalidRequest,
                "Not acceptable: send Accept: application/json, text/event-stream");
        }

        if (request.ContentLength > _options.MaxMessageBytes)
        {
            return RefuseTooLarge(context);
        }

        return AnswerAsync(context, json, events);
    }

    private async Task AnswerAsync(HttpContext context, bool json, bool events)
    {
        HttpListenStream? stream = null;
        var exchange = _pool.Rent();
        exchange.Begin(context);
        exchange.AcceptsJson = json;
        exchange.AcceptsEvents = events;
        try
        {
            RaiseHostLimit(context, _options.MaxMessageBytes);
            if (WantsUnread(context, exchange) || await TryLoadAsync(context, exchange).ConfigureAwait(false))
            {
                if (NeedsSessions(exchange))
                {
                    await RespondInSessionAsync(context, exchange).ConfigureAwait(false);
                }
                else
                {
                    await RespondAsync(context, exchange).ConfigureAwait(false);
                }

                stream = exchange.Stream;
            }
        }
        catch (Exception exception) when (IsOfLostCaller(context, exception))
        {
            // The caller is gone; there is nobody to answer. The host is told, lest it try to read the rest of the body and report that it cannot.
            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await RefuseBodyAsync(context, exception).ConfigureAwait(false);
        }
        finally
        {
            exchange.EndStream();
            _pool.Return(exchange);
        }

        if (stream is not null)
        {
            await stream.RunAsync(_drain.Begun).ConfigureAwait(false);
        }
    }

    // The read of a connection that was reset may fail before the request counts as aborted.
    private static bool IsOfLostCaller(HttpContext context, Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException);

    // The host found a fault in the body's framing, or it came too slowly, or there is too much of it.
    private Task RefuseBodyAsync(HttpContext context, BadHttpRequestException exception) =>
        exception.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? RefuseTooLarge(context)
            : HttpReplies.RefuseAsync(context, exception.StatusCode, ErrorCodes.InvalidRequest, $"Bad request: {exception.Message}");

    /// <summary>The limit of an endpoint takes the place of the host's, which would end a longer body without an explanation.</summary>
    internal static void RaiseHostLimit(HttpContext context, int maxMessageBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: { } limit } feature && limit <= maxMessageBytes)
        {
            feature.MaxRequestBodySize = maxMessageBytes + 1L;
        }
    }

    private bool WantsUnread(HttpContext context, HttpExchange exchange)
    {
        var headers = context.Request.Headers;
        if (_responder is not IUnreadBodyResponder reader || headers[McpHeaderNames.Method] is not { Count: 1 } method)
        {
            return false;
        }

        var version = ProtocolVersions.Parse(headers[McpHeaderNames.ProtocolVersion].ToString());
        Span<byte> name = stackalloc byte[64];
        if (version.Era() != ProtocolEra.Stateless || !System.Text.Encoding.UTF8.TryGetBytes(method.ToString(), name, out var length))
        {
            return false;
        }

        var head = new RequestHead(version, McpMethods.Parse(name[..length]), headers[McpHeaderNames.Name], context.Request.ContentLength);
        if (reader.ChooseBody(head) != BodyMode.Unread)
        {
            return false;
        }

        exchange.LoadUnread(head, context.Request.BodyReader);
        return true;
    }

    // Reads, scans and judges the message. False where the answer is out already.
    private async ValueTask<bool> TryLoadAsync(HttpContext context, HttpExchange exchange)
    {
        var reader = context.Request.BodyReader;
        var result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        if (result.IsCompleted && result.Buffer.IsSingleSegment && result.Buffer.Length <= _options.MaxMessageBytes)
        {
            var span = result.Buffer.FirstSpan;
            EnvelopeReader.TryRead(span, out var envelope);
            exchange.Load(span, envelope);
            reader.AdvanceTo(result.Buffer.End);
        }
        else if (!await TryGatherAsync(reader, result, exchange, context).ConfigureAwait(false))
        {
            await RefuseTooLarge(context).ConfigureAwait(false);
            return false;
        }

        if (_options.Sessions.Store is not null)
        {
            await ReviveSessionAsync(context).ConfigureAwait(false);
        }

        if (exchange.Envelope.Kind == MessageKind.Invalid)
        {
            if (exchange.Envelope.Fault == EnvelopeError.Batch && await TryAnswerBatchAsync(context, exchange).ConfigureAwait(false))
            {
                return false;
            }

            Refuse(context, exchange);
        }
        else if (HttpEraRules.TryJudge(exchange, context.Request.Headers, _sessions))
        {
            return true;
        }

        await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
        return false;
    }

    // Joins a body that came in pieces, taking each off the connection at once so that a long one keeps flowing.
    private async ValueTask<bool> TryGatherAsync(PipeReader reader, ReadResult result, HttpExchange exchange, HttpContext context)
    {
        // What was announced need not come: memory is taken for what has come, and for a little more.
        var expected = (int)Math.Min(context.Request.ContentLength ?? 16 * 1024, MaxAnnouncedBytes);
        var gathered = PooledArrays.Rent<byte>(Math.Max(expected, 1024));
        var length = 0;
        while (true)
        {
            var piece = result.Buffer;
            if (length + piece.Length > _options.MaxMessageBytes)
            {
                reader.AdvanceTo(piece.End);
                PooledArrays.Return(gathered);
                return false;
            }

            if (length + piece.Length > gathered.Length)
            {
                var grown = PooledArrays.Rent<byte>((int)Math.Max(length + piece.Length, 2L * gathered.Length));
                gathered.AsSpan(0, length).CopyTo(grown);
                PooledArrays.Return(gathered);
                gathered = grown;
            }

            piece.CopyTo(gathered.AsSpan(length));
            length += (int)piece.Length;
            reader.AdvanceTo(piece.End);
            if (result.IsCompleted)
            {
                break;
            }

            try
            {
                result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            }
            catch
            {
                PooledArrays.Return(gathered);
                throw;
            }
        }

        EnvelopeReader.TryRead(gathered.AsSpan(0, length), out var envelope);
        exchange.LoadRented(gathered, length, envelope);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RespondAsync(HttpContext context, HttpExchange exchange)
    {
        await AskAsync(context, exchange).ConfigureAwait(false);
        if (exchange.ListenRequest is { } request && TryOpenStream(context, exchange, request))
        {
            return;
        }

        if (exchange.IsRequest)
        {
            await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private static bool TryOpenStream(HttpContext context, HttpExchange exchange, ListenRequest request)
    {
        var stream = new HttpListenStream(request, context);
        if (!request.TryOpen(stream, exchange))
        {
            return false;
        }

        exchange.Stream = stream;
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskAsync(HttpContext context, HttpExchange exchange)
    {
        if (_drain.HasBegun && exchange.IsRequest)
        {
            context.Response.Headers.RetryAfter = "1";
            exchange.Fail(ErrorCodes.Draining, Draining, Retryable);
            return;
        }

        try
        {
            await _responder.RespondAsync(exchange).ConfigureAwait(false);
        }
        catch (Exception exception) when (exchange.Session is not null || !IsOfLostCaller(context, exception))
        {
            HttpLog.Failed(_logger, exchange.Method, exception);
            exchange.Fail(ErrorCodes.InternalError, "Internal error: the server failed to answer; its log has the details");
        }
    }

    private static void Refuse(HttpContext context, HttpExchange exchange)
    {
        // The era decides whether an unreadable id is left out or null; where no header tells, the newest rule holds.
        exchange.Answer(ProtocolVersions.Parse(context.Request.Headers[McpHeaderNames.ProtocolVersion].ToString()));
        exchange.FailRequest(EnvelopeErrors.Code(exchange.Envelope.Fault), EnvelopeErrors.Message(exchange.Envelope.Fault, exchange.Envelope.FaultOffset));
    }

    private Task RefuseTooLarge(HttpContext context)
    {
        // The rest of the body is not worth reading; closing tells the sender to stop.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return HttpReplies.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, ErrorCodes.InvalidRequest,
            $"Payload too large: a message may have {_options.MaxMessageBytes} bytes");
    }

    internal static bool IsJson(string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == 16 || contentType[16] is ';' or ' ');

    private static void ReadAccept(string accept, out bool json, out bool events)
    {
        if (accept is "application/json, text/event-stream" or "" or "*/*")
        {
            json = events = true;
            return;
        }

        var any = accept.Contains("*/*", StringComparison.Ordinal);
        json = any || accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) || accept.Contains("application/*", StringComparison.Ordinal);
        events = any || accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) || accept.Contains("text/*", StringComparison.Ordinal);
    }
}
