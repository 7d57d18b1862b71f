using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http.Direct;

namespace Peregrine.Transport.Http;

/// <summary>
/// A connection over Streamable HTTP, both eras: each message is a POST of its own, its reply one JSON object or an event stream. In the session era it keeps the session id that
/// <c>initialize</c> was answered with, and ends the session when it is disposed.
/// </summary>
public sealed partial class HttpConnection : McpConnection
{
    // How long telling the server that a session or a request is over may take; nobody waits for more than that.
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly HttpConnectionOptions _options;
    private readonly HttpSockets _sockets;
    private readonly IncomingRequests _incoming;
    private readonly MessageCounters _counters;
    private readonly HttpRequests _requests;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposing;
    private int _inFlight;
    private volatile bool _closesWhenIdle;
    private int _streaming;
    private readonly bool _goesDirectly;

    /// <summary>Makes a connection. Nothing is sent before the first request.</summary>
    /// <param name="options">Where to and how.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    public HttpConnection(HttpConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Peer = $"{options.Endpoint.Scheme}://{options.Endpoint.Authority}{options.Endpoint.AbsolutePath}";
        _sockets = options.Sockets ?? new HttpSockets(options.Pool, options.MessageHandler, options.TimeProvider);
        _requests = new HttpRequests(this, options);
        _counters = new MessageCounters(options.Logger, this);
        _goesDirectly = _sockets.HasOwnSockets && DirectRules.Allow(options);
        _incoming = new IncomingRequests(this, options.MaxIncomingRequests, options.Scheduler, options.Logger, SendAnswerAsync);
    }

    /// <inheritdoc/>
    public override string Peer { get; }

    /// <summary>Ends when the connection was disposed, or the server has forgotten its session. Never fails.</summary>
    public override Task Completion => _ended.Task;

    /// <inheritdoc/>
    public override ConnectionStatistics Statistics => _counters.Snapshot;

    /// <summary>What happened at the sockets; counts of all connections that share them.</summary>
    public HttpPoolStatistics Pool => _sockets.Statistics;

    /// <summary>The session's id (session era), where the server gave one.</summary>
    public string? SessionId => _requests.SessionId;

    /// <summary>
    /// Closes the connection once no request is in flight, without telling the server: for a session that it has forgotten, whose other requests it may still answer. Send nothing more.
    /// </summary>
    public void CloseWhenIdle()
    {
        _closesWhenIdle = true;
        if (Volatile.Read(ref _inFlight) == 0)
        {
            _ = DisposeAsync().AsTask();
        }
    }

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
        var isInitialize = request.Method.SequenceEqual("initialize"u8);
        if (_goesDirectly && !isInitialize)
        {
            return SendDirectly(request, id, cancellationToken);
        }

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
        var call = NewCall(id, options);
        return ExchangeAsync(call, id, content, HttpRequests.MethodText(request.Method), name, isInitialize, options, cancellationToken);
    }

    private protected override async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _disposing, 1) != 0)
        {
            await _disposed.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            _incoming.Dispose();
            if (!_closesWhenIdle)
            {
                await EndSessionAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (_options.Sockets is null)
            {
                _sockets.Dispose();
            }

            _ended.TrySetResult();
            _disposed.TrySetResult();
        }
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

            using var sent = await _sockets.SendAsync(request, Peer, limits.Token).ConfigureAwait(false);
            if (!sent.Response.IsSuccessStatusCode)
            {
                var call = NewCall(id: 0, default);
                await ReadErrorAsync(call, sent.Response, limits.Token).ConfigureAwait(false);
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

    private HttpCall NewCall(long id, in SendOptions options) =>
        new(this, _counters, _incoming, _options.Logger, _options.MaxMessageLength, id, options);

    private McpTransportException ClosedHere(bool mayHaveRun) =>
        new(TransportFault.Closed, $"The connection to {Peer} was closed on this side.", mayHaveRun);
}
