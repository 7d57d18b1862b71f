using System.Net;
using System.Net.Sockets;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http.Direct;

namespace Peregrine.Transport.Http;

/// <summary>
/// The sockets to one server: how many there may be, how long a request waits for one, and what happened at them. May be shared by connections that follow one another. Thread-safe.
/// </summary>
public sealed partial class HttpSockets : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly HttpPoolOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly SemaphoreSlim _slots;
    private long _requests;
    private long _opened;
    private long _closed;
    private long _waited;
    private long _exhausted;

    /// <summary>Makes a pool without any socket.</summary>
    /// <param name="options">Its settings; null for the defaults.</param>
    /// <param name="messageHandler">Sends the requests instead; not disposed. It must not follow redirects. Null (the default) for sockets.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    public HttpSockets(HttpPoolOptions? options = null, HttpMessageHandler? messageHandler = null, TimeProvider? timeProvider = null)
    {
        _options = options ?? new HttpPoolOptions();
        List<string> faults = [];
        _options.Validate(faults);
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }

        _timeProvider = timeProvider ?? TimeProvider.System;
        _slots = new SemaphoreSlim(_options.MaxConnections, _options.MaxConnections);
        _polling = new ReplyPolling(_options.ReplyPolling, _timeProvider);
        HasOwnSockets = _options.UsesOwnSockets && messageHandler is null;
        _http = messageHandler is not null ? new HttpMessageInvoker(messageHandler, disposeHandler: false) : new HttpMessageInvoker(CreateHandler(), disposeHandler: true);
    }

    /// <summary>What happened so far.</summary>
    public HttpPoolStatistics Statistics
    {
        get
        {
            var opened = Volatile.Read(ref _opened);
            return new(Volatile.Read(ref _requests), opened, opened - Volatile.Read(ref _closed), Volatile.Read(ref _waited), Volatile.Read(ref _exhausted));
        }
    }

    /// <summary>Closes all sockets. Requests in flight fail.</summary>
    public void Dispose()
    {
        _http.Dispose();
        DisposeOwn();
    }

    /// <summary>Sends a request; the socket counts as taken until the result is disposed.</summary>
    internal async ValueTask<SentRequest> SendAsync(HttpRequestMessage request, string peer, CancellationToken cancellationToken)
    {
        var takesSlot = request.Version.Major < 2;
        if (takesSlot && !_slots.Wait(0, CancellationToken.None))
        {
            await WaitForSlotAsync(peer, cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Increment(ref _requests);
        try
        {
            var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return new SentRequest(response, takesSlot ? _slots : null);
        }
        catch
        {
            if (takesSlot)
            {
                _slots.Release();
            }

            throw;
        }
    }

    private async ValueTask WaitForSlotAsync(string peer, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waited);
        using var patience = new CancellationTokenSource(_options.WaitTimeout, _timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _slots.WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _exhausted);
            throw new McpTransportException(
                TransportFault.PoolExhausted,
                $"All {_options.MaxConnections} connections to {peer} were busy for {_options.WaitTimeout.TotalSeconds:0.###} s (Pool.MaxConnections, Pool.WaitTimeout); the request was not sent.");
        }
    }

    private SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = _options.ConnectTimeout,
        MaxConnectionsPerServer = _options.MaxConnections,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = _options.IdleTimeout,
        PooledConnectionLifetime = _options.Lifetime,
        ConnectCallback = ConnectAsync,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // What the handler does by itself, but counted.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Interlocked.Increment(ref _opened);
        return new CountedStream(socket, this);
    }

    private sealed class CountedStream(Socket socket, HttpSockets owner) : NetworkStream(socket, ownsSocket: true)
    {
        private int _disposed;

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Increment(ref owner._closed);
            }

            base.Dispose(disposing);
        }
    }
}
