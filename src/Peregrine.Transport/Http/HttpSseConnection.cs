using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>
/// A connection over HTTP+SSE, the transport of 2024-11-05: everything the server says comes on one event stream, everything said to it is a POST to the address that the stream's
/// first event names. For servers that know nothing newer.
/// </summary>
public sealed class HttpSseConnection : DuplexConnection
{
    private readonly SseExchange _exchange;

    private HttpSseConnection(SseExchange exchange, DuplexConnectionOptions options)
        : base(exchange.Input, exchange.Output, exchange.Peer, options)
    {
        _exchange = exchange;
        exchange.Connection = this;
    }

    /// <summary>What happened at the sockets; counts of all connections that share them.</summary>
    public HttpPoolStatistics Pool => _exchange.Pool;

    /// <summary>Opens the stream and waits for the address.</summary>
    /// <param name="options">Where to and how. The limits on message length and on requests of the server hold here too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names all faults.</exception>
    /// <exception cref="McpTransportException">The server cannot be reached, or what it has at this address is no such stream.</exception>
    public static async ValueTask<HttpSseConnection> OpenAsync(HttpConnectionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var exchange = new SseExchange(options);
        try
        {
            await exchange.OpenAsync(cancellationToken).ConfigureAwait(false);
            var connection = new HttpSseConnection(exchange, new DuplexConnectionOptions
            {
                MaxMessageLength = options.MaxMessageLength,
                MaxIncomingRequests = options.MaxIncomingRequests,
                TimeProvider = options.TimeProvider,
                Scheduler = options.Scheduler,
                Logger = options.Logger,
            });
            exchange.StartReading();
            connection.StartReading();
            return connection;
        }
        catch
        {
            await exchange.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private protected override async ValueTask CloseTransportAsync()
    {
        await _exchange.DisposeAsync().ConfigureAwait(false);
        await base.CloseTransportAsync().ConfigureAwait(false);
    }
}
