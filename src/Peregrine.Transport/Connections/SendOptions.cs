namespace Peregrine.Transport.Connections;

/// <summary>How one request is sent. The default value asks for nothing special.</summary>
public readonly record struct SendOptions
{
    /// <summary>
    /// How long to wait for the reply; zero (the default) waits without bound. When it has passed, the request is cancelled at the peer and
    /// <see cref="McpTransportException"/> with <see cref="TransportFault.TimedOut"/> is thrown.
    /// </summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>
    /// How long to wait at most where the peer reports progress: each report moves the end of the wait to <see cref="Timeout"/> from then, but not beyond this, counted
    /// from the start. Zero (the default), or no more than <see cref="Timeout"/>: the end stays where it is. Otherwise the peer is asked for reports.
    /// </summary>
    public TimeSpan MaxTimeout { get; init; }

    /// <summary>True where the end of the wait can move.</summary>
    internal bool MovesWithProgress => Timeout > TimeSpan.Zero && MaxTimeout > Timeout;

    /// <summary>
    /// Members to put into <c>params._meta</c>, raw, without the braces around them and without a trailing comma. Where it is given (or
    /// <see cref="OnProgress"/> without a <see cref="ProgressToken"/>), params must be an object that has no <c>_meta</c> yet.
    /// </summary>
    public ReadOnlyMemory<byte> Meta { get; init; }

    /// <summary>Takes the request's progress notifications. The connection adds a token of its own where <see cref="ProgressToken"/> is 0.</summary>
    public NotificationCallback? OnProgress { get; init; }

    /// <summary>
    /// A token from <see cref="McpConnection.AllocateProgressToken"/> that the caller has written into <c>params._meta.progressToken</c> already (who forwards params
    /// with a <c>_meta</c> replaces the token there); 0 for none. Used for one request.
    /// </summary>
    public long ProgressToken { get; init; }

    /// <summary>
    /// Takes other notifications that belong to this request: over HTTP everything on its event stream. On a shared connection nothing tells whose they are,
    /// so <see cref="McpConnection.Handler"/> gets them. Null hands them to the handler too.
    /// </summary>
    public NotificationCallback? OnNotification { get; init; }

    /// <summary>
    /// Answers the requests that the server sends on this request's own event stream (HTTP, session era), in place of <see cref="McpConnection.Handler"/>: there the stream says whose they are.
    /// Null leaves them to the handler.
    /// </summary>
    internal RequestCallback? OnRequest { get; init; }

    /// <summary>
    /// Told that the server has ended the request's event stream ahead of the reply, and after what time the connection goes back for the rest (2025-11-25, HTTP). The connection waits for it;
    /// it must not throw. Null for nobody.
    /// </summary>
    internal StreamClosedCallback? OnStreamClosed { get; init; }

    /// <summary>True where the request goes out under its sender's own id, which is not known here: whatever reply comes on its stream is its reply (HTTP).</summary>
    internal bool IsForwarded { get; init; }

    /// <summary>True where nothing else waits for the thread that sends the request, so that it may poll for the reply for a moment (HTTP, over sockets of our own).</summary>
    internal bool MayPoll { get; init; }

    /// <summary>Given to <see cref="OnStreamClosed"/>.</summary>
    internal object? StreamState { get; init; }

    /// <summary>
    /// The value of the <c>Mcp-Name</c> header (HTTP, stateless era), not encoded, where the caller knows it; null reads it from params, which costs a scan.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Further headers of this request (HTTP), for example <c>Mcp-Param-*</c>; null for none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }
}
