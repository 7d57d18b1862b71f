using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Security;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.Duplex;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Legacy;

/// <summary>
/// HTTP+SSE, the transport of 2024-11-05, for clients that know no other: GET opens a stream, whose first event names the address for POST; every reply comes on the stream. A
/// connection that carries many calls, like stdio: calls, cancellation and eras are those of that front. Thread-safe.
/// </summary>
internal sealed class SseFront
{
    private const int IdBytes = 24;

    // What may wait for a client that does not read before its calls wait.
    private const int MaxUnsentBytes = 1024 * 1024;

    private readonly IMcpResponder _responder;
    private readonly HttpFrontOptions _options;
    private readonly OriginGuard _guard;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, SseConnection> _byId = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private ITimer? _keepAlive;
    private int _count;
    private bool _stopped;

    internal SseFront(IMcpResponder responder, HttpFrontOptions options, ILogger logger)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        _responder = responder;
        _options = options;
        _logger = logger;
        _guard = new OriginGuard(options);
    }

    /// <summary>How many clients are connected.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Answers one HTTP request.</summary>
    internal Task HandleAsync(HttpContext context)
    {
        if (_guard.Refuse(context) is { } forbidden)
        {
            return HttpReplies.RefuseAsync(context, StatusCodes.Status403Forbidden, ErrorCodes.InvalidRequest, forbidden);
        }

        if (HttpMethods.IsGet(context.Request.Method))
        {
            return OpenAsync(context);
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            return TakeAsync(context);
        }

        context.Response.Headers.Allow = "GET, POST";
        return HttpReplies.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, ErrorCodes.InvalidRequest, "Method not allowed: open the stream with GET, send messages with POST");
    }

    /// <summary>The process ends: streams are closed, so that they do not hold it up.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _keepAlive?.Dispose();
        }

        foreach (var (_, connection) in _byId)
        {
            connection.End();
        }
    }

    private async Task OpenAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _count) > _options.Sessions.MaxSessions)
        {
            Interlocked.Decrement(ref _count);
            context.Response.Headers.RetryAfter = "1";
            await HttpReplies.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, ErrorCodes.Overloaded, "Overloaded: too many clients are connected; retry later").ConfigureAwait(false);
            return;
        }

        try
        {
            await ServeAsync(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left while its stream was being opened.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var options = DuplexOptions.Default with
        {
            MaxMessageBytes = _options.MaxMessageBytes,
            MaxCallsInFlight = _options.Sessions.MaxCallsInFlight,
            MaxBatchMessages = _options.MaxBatchMessages,
            DrainTime = TimeSpan.Zero,
        };
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        await BeginAsync(context).ConfigureAwait(false);
        using var output = new StreamOutput(context.Response.Body, MaxUnsentBytes, asEvents: true);
        var front = new DuplexFront(_responder, output, options, ThreadPoolScheduler.Instance, _logger)
        {
            Caller = new ConnectionCaller(SessionOwner.Of(context), SessionOwner.UserOf(context), context, SessionOwner.TransportOf(context), SessionOwner.ClientKeyOf(context)),
        };
        var connection = new SseConnection(id, SessionOwner.Of(context), front, output);
        await using var registration = context.RequestAborted.UnsafeRegister(static state => ((SseConnection)state!).End(), connection).ConfigureAwait(false);
        Add(connection);
        try
        {
            // Only now, for the client sends its first message when it has read this.
            await SendEndpointAsync(context, id).ConfigureAwait(false);
            await connection.Ended.ConfigureAwait(false);
        }
        finally
        {
            connection.End();
            _byId.TryRemove(id, out _);
            await front.CloseAsync(_options.TimeProvider).ConfigureAwait(false);
        }
    }

    private static Task BeginAsync(HttpContext context)
    {
        EventConnection.SetHeaders(context.Response);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return context.Response.StartAsync(context.RequestAborted);
    }

    private static async Task SendEndpointAsync(HttpContext context, string id)
    {
        var address = $"{context.Request.PathBase.ToUriComponent()}{context.Request.Path.ToUriComponent()}?sessionId={id}";
        await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes($"event: endpoint\ndata: {address}\n\n"), context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private void Add(SseConnection connection)
    {
        _byId[connection.Id] = connection;
        lock (_gate)
        {
            if (_stopped)
            {
                connection.End();
            }
            else
            {
                var period = _options.Sessions.KeepAlive;
                _keepAlive ??= _options.TimeProvider.CreateTimer(static state => ((SseFront)state!).KeepAlive(), this, period, period);
            }
        }
    }

    private void KeepAlive()
    {
        foreach (var (_, connection) in _byId)
        {
            connection.KeepAlive();
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!_byId.TryGetValue(request.Query["sessionId"].ToString(), out var connection) || connection.Owner != SessionOwner.Of(context))
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status404NotFound, ErrorCodes.InvalidRequest,
                "Session not found: open the stream with GET and send to the address that its first event names").ConfigureAwait(false);
            return;
        }

        if (!HttpFront.IsJson(request.ContentType))
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, ErrorCodes.InvalidRequest, "Unsupported media type: send Content-Type: application/json").ConfigureAwait(false);
            return;
        }

        HttpFront.RaiseHostLimit(context, _options.MaxMessageBytes);
        using var body = new PooledByteWriter(4096);
        if (!await TryReadAsync(context, body).ConfigureAwait(false))
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, ErrorCodes.InvalidRequest, $"Too large: a message may have {_options.MaxMessageBytes} bytes").ConfigureAwait(false);
            return;
        }

        if (!EnvelopeReader.TryRead(body.WrittenSpan, out var envelope) && envelope.Fault != EnvelopeError.Batch)
        {
            await HttpReplies.RefuseAsync(context, StatusCodes.Status400BadRequest, EnvelopeErrors.Code(envelope.Fault),
                EnvelopeErrors.Message(envelope.Fault, envelope.FaultOffset)).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = connection.TryReceive(body.WrittenSpan) ? StatusCodes.Status202Accepted : StatusCodes.Status404NotFound;
    }

    private async ValueTask<bool> TryReadAsync(HttpContext context, PooledByteWriter body)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            if (body.Length + result.Buffer.Length > _options.MaxMessageBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                return false;
            }

            foreach (var piece in result.Buffer)
            {
                body.Write(piece.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return true;
            }
        }
    }
}
