using System.Buffers;
using System.Net;
using System.Text;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>
/// A connection over Streamable HTTP, both eras: each message is a POST of its own, its reply one JSON object or an event stream. In the session era it keeps the session id that
/// <c>initialize</c> was answered with, and ends the session when it is disposed.
/// </summary>
public sealed class HttpConnection : McpConnection
{
    // How long telling the server that a session or a request is over may take; nobody waits for more than that.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private const int MaxErrorBody = 64 * 1024;
    private const int StreamBuffer = 16 * 1024;

    private readonly HttpConnectionOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly IncomingRequests _incoming;
    private readonly MessageCounters _counters;
    private readonly HttpRequests _requests;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposing;

    /// <summary>Makes a connection. Nothing is sent before the first request.</summary>
    /// <param name="options">Where to and how.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    public HttpConnection(HttpConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Peer = $"{options.Endpoint.Scheme}://{options.Endpoint.Authority}{options.Endpoint.AbsolutePath}";
        _http = options.MessageHandler is { } handler
            ? new HttpMessageInvoker(handler, disposeHandler: false)
            : new HttpMessageInvoker(CreateHandler(options), disposeHandler: true);
        _requests = new HttpRequests(this, options);
        _counters = new MessageCounters(options.Logger, this);
        _incoming = new IncomingRequests(this, options.MaxIncomingRequests, options.Scheduler, options.Logger, SendAnswerAsync);
    }

    /// <inheritdoc/>
    public override string Peer { get; }

    /// <inheritdoc/>
    public override Task Completion => _ended.Task;

    /// <inheritdoc/>
    public override ConnectionStatistics Statistics => _counters.Snapshot;

    /// <summary>The session's id (session era), where the server gave one.</summary>
    public string? SessionId => _requests.SessionId;

    /// <inheritdoc/>
    public override ValueTask SendNotificationAsync(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = new PooledContent();
        JsonRpcWriter.WriteNotification(content.Body, method, parameters);
        return PostWithoutReplyAsync(content, HttpRequests.MethodText(method), TimeSpan.Zero, cancellationToken);
    }

    private protected override ValueTask<McpReply> SendCoreAsync(in OutgoingRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<McpReply>(cancellationToken);
        }

        if (_closed.IsCancellationRequested)
        {
            return ValueTask.FromException<McpReply>(ClosedHere(mayHaveRun: false));
        }

        var options = request.Options;
        var id = options.ProgressToken != 0 ? options.ProgressToken : NextId();
        var content = new PooledContent();
        try
        {
            request.WriteTo(content.Body, id);
        }
        catch
        {
            content.Dispose();
            throw;
        }

        var name = Version.Era() == ProtocolEra.Stateless ? options.Name ?? HttpRequests.FindName(content.Body.WrittenSpan) : null;
        var isInitialize = request.Method.SequenceEqual("initialize"u8);
        var call = new HttpCall(this, _counters, _incoming, _options.Logger, _options.MaxMessageLength, id, options);
        return ExchangeAsync(call, id, content, HttpRequests.MethodText(request.Method), name, isInitialize, options, cancellationToken);
    }

    private protected override async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _disposing, 1) != 0)
        {
            await _ended.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            _incoming.Dispose();
            await EndSessionAsync().ConfigureAwait(false);
        }
        finally
        {
            _http.Dispose();
            _ended.TrySetResult();
        }
    }

    private static SocketsHttpHandler CreateHandler(HttpConnectionOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),

        // So that a changed address of the server is noticed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    };

    private async ValueTask<McpReply> ExchangeAsync(
        HttpCall call, long id, PooledContent content, string method, string? name, bool isInitialize, SendOptions options, CancellationToken cancellationToken)
    {
        using var limits = new HttpRequestLimits(options, _options.TimeProvider, cancellationToken, _closed.Token);
        call.MoveWithProgress(limits);
        try
        {
            using var request = _requests.CreatePost(content, method, name, options.Headers);
            using (var response = await _http.SendAsync(request, limits.Token).ConfigureAwait(false))
            {
                if (isInitialize && response.IsSuccessStatusCode)
                {
                    _requests.KeepSession(response);
                }

                await ReadReplyAsync(call, response, limits.Token).ConfigureAwait(false);
            }

            return call.TakeReply() ?? await ResumeAsync(call, limits.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            call.TakeReply()?.Dispose();
            if (limits.CallerCancelled || limits.TimedOut)
            {
                TellCancelled(id, isInitialize);
            }

            throw limits.CallerCancelled ? new OperationCanceledException(cancellationToken)
                : limits.Closed ? ClosedHere(mayHaveRun: true)
                : limits.TimedOut ? PendingRequests.TimedOut(options.Timeout, mayHaveRun: true)
                : HttpFailures.Map(exception, Peer);
        }
    }

    private async ValueTask ReadReplyAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            await ReadErrorAsync(call, response, cancellationToken).ConfigureAwait(false);
            return;
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        if (string.Equals(type, "text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await ReadStreamAsync(call, response, cancellationToken).ConfigureAwait(false);
            return;
        }

        var (body, length) = await BodyReader.ReadAsync(response.Content, _options.MaxMessageLength, cancellationToken).ConfigureAwait(false);
        if (length < 0)
        {
            throw HttpFailures.TooLong(Peer, _options.MaxMessageLength);
        }

        if (!string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw HttpFailures.InvalidReply(
                Peer, $"with {(type is null ? "no content type" : $"'{type}'")} instead of JSON or an event stream. {HttpFailures.Excerpt(body.AsSpan(0, length))}", response.StatusCode);
        }

        if (!call.TakeJson(body, length, (int)response.StatusCode))
        {
            throw HttpFailures.InvalidReply(Peer, "the body holds no reply to this request.", response.StatusCode);
        }
    }

    private async ValueTask ReadErrorAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (body, length) = await BodyReader.ReadAsync(response.Content, MaxErrorBody, cancellationToken).ConfigureAwait(false);
        length = Math.Max(length, 0);
        var status = (int)response.StatusCode;
        if (status == 404 && _requests.SessionId is not null && Version.Era() == ProtocolEra.Session)
        {
            throw HttpFailures.SessionLost(Peer);
        }

        if (status is 401 or 403 || !call.TakeError(body, length, status))
        {
            throw HttpFailures.Status(response, body.AsSpan(0, length), Peer);
        }
    }

    // Ends at the reply, or at the end of the stream, whichever comes first.
    private async ValueTask ReadStreamAsync(HttpCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var parser = new SseParser(_options.MaxMessageLength);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(StreamBuffer);
        var found = false;
        int count;
        try
        {
            while (!found && (count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) != 0)
            {
                call.TakeEvents(parser, buffer.AsSpan(0, count), (int)response.StatusCode);
                found = call.HasReply;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException && CanResume(call))
        {
            // The stream broke, and the server has numbered its events: the caller takes it up again.
            return;
        }

        // Not where a read was aborted: the stream may still write into the buffer then.
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private bool CanResume(HttpCall call) => Version.Era() == ProtocolEra.Session && call.LastEventId.Length > 0;

    // 2025-11-25: a server may close the stream before the reply at any time; the client asks again for what follows the last event.
    private async ValueTask<McpReply> ResumeAsync(HttpCall call, CancellationToken cancellationToken)
    {
        for (var attempt = 0; CanResume(call) && attempt < _options.MaxResumptions; attempt = call.TakeHeard() ? 0 : attempt + 1)
        {
            call.TakeHeard();
            await Task.Delay(call.RetryDelay, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            using var request = _requests.Create(HttpMethod.Get, "text/event-stream");
            request.Headers.TryAddWithoutValidation("Last-Event-ID", call.LastEventId);
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            await ReadReplyAsync(call, response, cancellationToken).ConfigureAwait(false);
            if (call.TakeReply() is { } reply)
            {
                return reply;
            }
        }

        throw new McpTransportException(TransportFault.ConnectionLost, $"The event stream of {Peer} ended before the reply.", mayHaveRun: true);
    }

    private ValueTask SendAnswerAsync(ReadOnlyMemory<byte> answer)
    {
        var content = new PooledContent();
        content.Body.Write(answer.Span);
        return PostWithoutReplyAsync(content, method: null, TimeSpan.Zero, CancellationToken.None);
    }

    private async ValueTask PostWithoutReplyAsync(PooledContent content, string? method, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limits = new HttpRequestLimits(new SendOptions { Timeout = timeout }, _options.TimeProvider, cancellationToken, _closed.Token);
        try
        {
            using var request = _requests.CreatePost(content, method ?? "", name: null, headers: null);
            if (method is null)
            {
                request.Headers.Remove(McpHeaderNames.Method);
            }

            using var response = await _http.SendAsync(request, limits.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var call = new HttpCall(this, _counters, _incoming, _options.Logger, _options.MaxMessageLength, id: 0, default);
                await ReadErrorAsync(call, response, limits.Token).ConfigureAwait(false);
                call.TakeReply()?.ThrowIfError();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            throw limits.CallerCancelled ? new OperationCanceledException(cancellationToken)
                : limits.Closed ? ClosedHere(mayHaveRun: true)
                : limits.TimedOut ? PendingRequests.TimedOut(timeout, mayHaveRun: true)
                : HttpFailures.Map(exception, Peer);
        }
    }

    // In the session era a closed stream means nothing: the server has to be told.
    private void TellCancelled(long id, bool isInitialize)
    {
        if (Version.Era() == ProtocolEra.Session && !isInitialize)
        {
            _ = TellCancelledAsync(id);
        }
    }

    private async Task TellCancelledAsync(long id)
    {
        try
        {
            var content = new PooledContent();
            content.Body.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8);
            JsonRpcWriter.WriteInteger(content.Body, id);
            content.Body.Write("}}"u8);
            await PostWithoutReplyAsync(content, "notifications/cancelled", FarewellTime, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is PeregrineException or OperationCanceledException)
        {
            ConnectionLog.AnswerNotSent(_options.Logger, exception, Peer);
        }
    }

    private async ValueTask EndSessionAsync()
    {
        if (_requests.SessionId is null)
        {
            return;
        }

        try
        {
            using var time = new CancellationTokenSource(FarewellTime, _options.TimeProvider);
            using var request = _requests.Create(HttpMethod.Delete, "application/json");

            // Whatever the answer is (a server may refuse with 405), the session is over on this side.
            using var response = await _http.SendAsync(request, time.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            ConnectionLog.AnswerNotSent(_options.Logger, exception, Peer);
        }
    }

    private McpTransportException ClosedHere(bool mayHaveRun) =>
        new(TransportFault.Closed, $"The connection to {Peer} was closed on this side.", mayHaveRun);
}
