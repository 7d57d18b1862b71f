using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.AspNetCore.Http;

// What requests of a session need beyond the others, and the streams that sessions open with GET.
internal sealed partial class HttpFront
{
    /// <summary>The sessions; null where the endpoint has none.</summary>
    internal HttpSessions? Sessions => _sessions;

    /// <summary>The process ends: what stays open by itself is closed.</summary>
    internal void Stop() => _sessions?.Stop();

    private static bool HasSessionId(HttpContext context) => context.Request.Headers[McpHeaderNames.SessionId].Count > 0;

    private bool NeedsSessions(HttpExchange exchange) =>
        exchange.Session is not null || (exchange.Method == McpMethod.Initialize && exchange.IsRequest && exchange.Era == ProtocolEra.Session && _sessions is not null);

    private ValueTask ReviveSessionAsync(HttpContext context) =>
        _sessions is { } sessions && context.Request.Headers[McpHeaderNames.SessionId] is { Count: 1 } id ? sessions.ReviveAsync(id.ToString(), context.RequestAborted) : default;

    private ValueTask RespondInSessionAsync(HttpContext context, HttpExchange exchange) =>
        exchange.Session is not HttpSession session ? OpenSessionAsync(context, exchange, _sessions!)
            : exchange.IsRequest ? RespondInSessionAsync(context, exchange, session)
            : TakeInSessionAsync(context, exchange, session);

    private async ValueTask RespondInSessionAsync(HttpContext context, HttpExchange exchange, HttpSession session)
    {
        if (session.TryEnter(exchange) is var outcome && outcome != EnterOutcome.Entered)
        {
            RefuseInSession(exchange, outcome);
            await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
            return;
        }

        try
        {
            await RespondAsync(context, exchange).ConfigureAwait(false);
        }
        finally
        {
            session.Leave(exchange);
        }

        if (_options.Sessions.Store is not null)
        {
            await _sessions!.SaveChangesAsync(session).ConfigureAwait(false);
        }
    }

    private void RefuseInSession(HttpExchange exchange, EnterOutcome outcome)
    {
        if (outcome == EnterOutcome.Full)
        {
            exchange.Fail(ErrorCodes.Overloaded,
                $"Overloaded: {_options.Sessions.MaxCallsInFlight} calls of this session are in flight; retry when some have ended", "{\"retryable\":true}"u8);
        }
        else
        {
            exchange.FailRequest(ErrorCodes.InvalidRequest, SessionRules.NotFound);
            exchange.ErrorStatus = StatusCodes.Status404NotFound;
        }
    }

    // Notifications, and answers to requests of the server.
    private async ValueTask TakeInSessionAsync(HttpContext context, HttpExchange exchange, HttpSession session)
    {
        session.Touch();
        switch (exchange.Envelope.Kind)
        {
            case MessageKind.Response or MessageKind.Error:
                if (session.HasRequests)
                {
                    _ = session.Requests.TryComplete(exchange.Body.Span, exchange.Envelope);
                }

                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return;
            case MessageKind.Notification when exchange.Method == McpMethod.NotificationsCancelled:
                Cancel(exchange, session);
                break;
        }

        await RespondAsync(context, exchange).ConfigureAwait(false);
    }

    private static void Cancel(HttpExchange exchange, HttpSession session)
    {
        if (exchange.Envelope.RequestId.IsPresent)
        {
            session.Cancel(exchange.Envelope.RequestId.Of(exchange.Body.Span));
        }
    }

    private async ValueTask OpenSessionAsync(HttpContext context, HttpExchange exchange, HttpSessions sessions)
    {
        var client = InitializeParams.ReadCapabilities(exchange.Body.Span, exchange.Envelope);
        var info = InitializeParams.ReadClientInfo(exchange.Body.Span, exchange.Envelope);
        if (sessions.TryCreate(exchange.Version, client, info, exchange.Caller) is not { } session)
        {
            exchange.Fail(ErrorCodes.Overloaded, "Overloaded: too many sessions are open, or were opened just now; retry later", "{\"retryable\":true}"u8);
            exchange.ErrorStatus = StatusCodes.Status503ServiceUnavailable;
            await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
            return;
        }

        exchange.Session = session;
        await AskAsync(context, exchange).ConfigureAwait(false);
        if (exchange.ErrorCode == 0)
        {
            await sessions.AddAsync(session).ConfigureAwait(false);
            context.Response.Headers[McpHeaderNames.SessionId] = session.Id;
        }
        else
        {
            sessions.Discard(session);
        }

        await HttpReplies.SendAsync(context, exchange).ConfigureAwait(false);
    }

    private Task HandleOtherMethodAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var version = headers[McpHeaderNames.ProtocolVersion];
        var isStateless = version.Count > 0 && ProtocolVersions.Parse(version.ToString()).Era() == ProtocolEra.Stateless;
        if (_sessions is { } sessions && !isStateless && HasSessionId(context))
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                return OpenStreamAsync(context, sessions);
            }

            if (HttpMethods.IsDelete(context.Request.Method))
            {
                return EndSessionAsync(context, sessions);
            }
        }

        context.Response.Headers.Allow = "POST";
        return HttpReplies.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, ErrorCodes.InvalidRequest,
            "Method not allowed: send one JSON-RPC message with POST. GET opens the stream of a session and DELETE ends one: both need the header Mcp-Session-Id");
    }

    private async Task<HttpSession?> FindSessionAsync(HttpContext context, HttpSessions sessions)
    {
        await ReviveSessionAsync(context).ConfigureAwait(false);
        var headers = context.Request.Headers;
        if (SessionRules.Find(sessions, headers[McpHeaderNames.SessionId].ToString(), SessionOwner.Of(context)) is not { } session)
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status404NotFound, ErrorCodes.InvalidRequest, SessionRules.NotFound).ConfigureAwait(false);
            return null;
        }

        if (headers[McpHeaderNames.ProtocolVersion] is { Count: > 0 } version && ProtocolVersions.Parse(version.ToString()) != session.Version)
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest, SessionRules.WrongVersion).ConfigureAwait(false);
            return null;
        }

        return session;
    }

    private async Task EndSessionAsync(HttpContext context, HttpSessions sessions)
    {
        if (await FindSessionAsync(context, sessions).ConfigureAwait(false) is { } session)
        {
            await sessions.EndAsync(session).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private async Task OpenStreamAsync(HttpContext context, HttpSessions sessions)
    {
        ReadAccept(context.Request.Headers.Accept.ToString(), out _, out var events);
        if (!events)
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status406NotAcceptable, ErrorCodes.InvalidRequest, "Not acceptable: send Accept: text/event-stream").ConfigureAwait(false);
        }
        else if (await FindSessionAsync(context, sessions).ConfigureAwait(false) is { } session)
        {
            await ReadStreamAsync(context, sessions, session).ConfigureAwait(false);
        }
    }

    private static async Task ReadStreamAsync(HttpContext context, HttpSessions sessions, HttpSession session)
    {
        EventId? last = null;
        if (context.Request.Headers["Last-Event-ID"] is { Count: > 0 } header)
        {
            if (!EventId.TryParse(header.ToString(), out var id))
            {
                await HttpReplies.RefuseAsync(context, StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest, "Bad request: Last-Event-ID is no id that this server gives").ConfigureAwait(false);
                return;
            }

            last = id;
        }

        var connection = new EventConnection(context, session);
        if (session.TryAttach(connection, last) is var outcome && outcome != EnterOutcome.Entered)
        {
            await RefuseStreamAsync(context, outcome).ConfigureAwait(false);
            return;
        }

        sessions.Add(connection);
        try
        {
            session.NoteRoom();
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            sessions.Remove(connection);
            session.Detach(connection);
        }
    }

    private static Task RefuseStreamAsync(HttpContext context, EnterOutcome outcome) => outcome switch
    {
        EnterOutcome.Full => HttpReplies.RefuseAsync(context, StatusCodes.Status409Conflict, ErrorCodes.Overloaded,
            "Conflict: this session has as many streams as it may have; close one first"),
        EnterOutcome.NotKept => HttpReplies.RefuseAsync(context, StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest,
            "Bad request: what followed this Last-Event-ID is not kept any longer; open a stream without it, and see whether the call must be made again"),
        _ => HttpReplies.RefuseAsync(context, StatusCodes.Status404NotFound, ErrorCodes.InvalidRequest, SessionRules.NotFound),
    };
}
