using Peregrine.Protocol.Versions;

namespace Peregrine.Transport.Connections;

/// <summary>
/// A connection to one MCP server: sends requests and gives each its own reply, whatever order they come in. Knows messages, not their meaning: no handshake, no
/// retry. Thread-safe; many callers may share it.
/// </summary>
public abstract class McpConnection : IAsyncDisposable
{
    private long _lastId;
    private int _version;
    private volatile IncomingHandler? _handler;

    /// <summary>What the connection leads to, for messages to people: a URL without its query, or a command.</summary>
    public abstract string Peer { get; }

    /// <summary>Ends when the connection has ended, for whatever reason. Never fails.</summary>
    public abstract Task Completion { get; }

    /// <summary>What the connection has seen so far.</summary>
    public abstract ConnectionStatistics Statistics { get; }

    /// <summary>
    /// The revision spoken, set by who negotiates it; Unknown before. HTTP says it in headers; requests of the peer are answered only in the session era.
    /// </summary>
    public ProtocolVersion Version
    {
        get => (ProtocolVersion)Volatile.Read(ref _version);
        set => Volatile.Write(ref _version, (int)value);
    }

    /// <summary>Takes what answers no request of ours. Null (the default) drops notifications and refuses requests.</summary>
    public IncomingHandler? Handler
    {
        get => _handler;
        set => _handler = value;
    }

    /// <summary>A token for <see cref="SendOptions.ProgressToken"/>, unlike every other on this connection.</summary>
    public long AllocateProgressToken() => NextId();

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <param name="method">The method's name, UTF-8.</param>
    /// <param name="parameters"><c>params</c>: a raw JSON object, valid; empty for none. Copied before the method returns.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">
    /// Ends the wait at once and cancels the request at the peer: with <c>notifications/cancelled</c> on a shared connection, by aborting it over HTTP.
    /// </param>
    /// <returns>The reply, also where it is an error; dispose it. Await the task once.</returns>
    /// <exception cref="McpTransportException">No reply: the transport broke or the time passed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValueTask<McpReply> SendRequestAsync(
        ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, in SendOptions options = default, CancellationToken cancellationToken = default) =>
        SendCoreAsync(new OutgoingRequest(method, parameters, default, options), cancellationToken);

    /// <summary>Sends a request whose params are put together from slices, so that who forwards a call can splice into it without building it anew.</summary>
    /// <param name="method">The method's name, UTF-8.</param>
    /// <param name="slices">The parts of <c>params</c> in order; joined they are a valid JSON object. Copied before the method returns.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="cancellationToken">Ends the wait at once and cancels the request at the peer.</param>
    /// <inheritdoc cref="SendRequestAsync(ReadOnlySpan{byte}, ReadOnlySpan{byte}, in SendOptions, CancellationToken)"/>
    public ValueTask<McpReply> SendRequestAsync(
        ReadOnlySpan<byte> method, ReadOnlySpan<ReadOnlyMemory<byte>> slices, in SendOptions options = default, CancellationToken cancellationToken = default) =>
        SendCoreAsync(new OutgoingRequest(method, default, slices, options), cancellationToken);

    /// <summary>Sends a notification. Ends when it is handed to the transport.</summary>
    /// <param name="method">The method's name, UTF-8.</param>
    /// <param name="parameters"><c>params</c>: a raw JSON object, valid; empty for none. Copied before the method returns.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="McpTransportException">It could not be sent.</exception>
    public abstract ValueTask SendNotificationAsync(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, CancellationToken cancellationToken = default);

    /// <summary>Closes the connection. Requests in flight fail with <see cref="TransportFault.Closed"/>. More than once does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private protected McpConnection()
    {
    }

    /// <summary>A number never used before on this connection. Starts at 1: 0 stands for "none".</summary>
    private protected long NextId() => Interlocked.Increment(ref _lastId);

    private protected abstract ValueTask CloseAsync();

    private protected abstract ValueTask<McpReply> SendCoreAsync(in OutgoingRequest request, CancellationToken cancellationToken);
}
