using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;

namespace Peregrine.Server.Sessions;

/// <summary>
/// What a server remembers of one client of the session era, from <c>initialize</c> to the end of the connection (stdio, in memory) or of the HTTP session. Thread-safe.
/// A server may hold tens of thousands of idle ones: what few of them need is made when it is needed.
/// </summary>
public abstract partial class PeregrineSession
{
    // The level is kept plus one, so that zero, what a new session has, means none.
    private const int NoLevel = 0;

    private PendingServerRequests? _requests;
    private Action? _closed;
    private volatile int _level = NoLevel;
    private volatile bool _isClosed;

    /// <summary>Makes a session.</summary>
    /// <param name="version">The revision agreed on.</param>
    /// <param name="client">What the client can do.</param>
    protected PeregrineSession(ProtocolVersion version, McpClientCapabilities client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Version = version;
        Client = client;
    }

    /// <summary>The session's id where it has one on the wire (HTTP), else null.</summary>
    public virtual string? Id => null;

    /// <summary>The revision agreed on.</summary>
    public ProtocolVersion Version { get; }

    /// <summary>What the client can do.</summary>
    public McpClientCapabilities Client { get; }

    /// <summary>Which program the client says it is; null where it did not say.</summary>
    public McpClientInfo? ClientInfo { get; internal init; }

    /// <summary>The least severe messages that the client wants (<c>logging/setLevel</c>); null until it has said so, and then it is sent none.</summary>
    public McpLogLevel? LogLevel
    {
        get => _level == NoLevel ? null : (McpLogLevel)(_level - 1);
        internal set => _level = value is { } level ? (int)level + 1 : NoLevel;
    }

    /// <summary>What a feature wants to survive a restart of the process, as bytes of its own; null where there is nothing. Replaced as a whole, never changed.</summary>
    internal byte[]? State { get; set; }

    /// <summary>True where <see cref="State"/> is kept.</summary>
    internal virtual bool KeepsState => false;

    /// <summary>True once the session has ended.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>The requests that the client has not answered yet.</summary>
    internal PendingServerRequests Requests
    {
        get
        {
            if (Volatile.Read(ref _requests) is { } made)
            {
                return made;
            }

            var requests = new PendingServerRequests();
            if (Interlocked.CompareExchange(ref _requests, requests, null) is { } other)
            {
                return other;
            }

            if (_isClosed)
            {
                requests.Close();
            }

            return requests;
        }
    }

    /// <summary>True where a request of the server was sent, so that an answer can be for one.</summary>
    internal bool HasRequests => Volatile.Read(ref _requests) is not null;

    /// <summary>
    /// Sends a message that belongs to no call: a change of a list, an update of a resource, a ping. Never waits for the client. Thread-safe.
    /// </summary>
    /// <param name="message">One JSON-RPC message; need not be kept after the call returns.</param>
    /// <returns>False where it could be neither sent nor kept for later: no stream is open, or the client is too far behind.</returns>
    internal abstract bool TrySend(ReadOnlySpan<byte> message);

    /// <summary>Has <paramref name="action"/> called when the session ends; at once where it has ended.</summary>
    internal void OnClosed(Action action)
    {
        Action? before, after;
        do
        {
            before = Volatile.Read(ref _closed);
            after = before + action;
        }
        while (Interlocked.CompareExchange(ref _closed, after, before) != before);
        if (_isClosed && Interlocked.Exchange(ref _closed, null) is { } late)
        {
            late();
        }
    }

    /// <summary>Takes back what was given to <see cref="OnClosed"/>.</summary>
    internal void RemoveOnClosed(Action action)
    {
        Action? before, after;
        do
        {
            before = Volatile.Read(ref _closed);
            after = before - action;
        }
        while (Interlocked.CompareExchange(ref _closed, after, before) != before);
    }

    /// <summary>Ends the session: who waits for the client is told. Does nothing the second time.</summary>
    internal void Close()
    {
        _isClosed = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _requests)?.Close();
        Interlocked.Exchange(ref _closed, null)?.Invoke();
    }
}
