using System.Collections.Concurrent;
using System.Security.Claims;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Dispatch;

/// <summary>
/// A call on a copy of its request, so that the tool may go on after its caller was answered, or has gone. What it sends ahead of the reply reaches the caller as long as the caller waits.
/// </summary>
internal sealed class DetachedExchange : McpExchange
{
    private const int MaxSpare = 64;

    private static readonly ConcurrentQueue<DetachedExchange> Spare = new();

    private McpExchange? _caller;
    private int _callerGeneration;
    private string? _principal;
    private object? _clientKey;
    private object _owner = "";
    private object _connectionKey = "";
    private ClaimsPrincipal? _user;
    private object? _hostContext;
    private string _transport = "pipe";
    private IServiceProvider? _services;
    private bool _canSendMessages;
    private bool _canStreamResult;

    private DetachedExchange()
    {
    }

    /// <inheritdoc/>
    internal override string? Principal => _principal;

    /// <inheritdoc/>
    internal override object ClientKey => _clientKey ??= _caller?.ClientKey ?? base.ClientKey;

    /// <inheritdoc/>
    internal override ClaimsPrincipal? User => _user;

    /// <inheritdoc/>
    internal override object? HostContext => _hostContext;

    /// <inheritdoc/>
    internal override object Owner => _owner;

    /// <inheritdoc/>
    internal override object ConnectionKey => _connectionKey;

    /// <inheritdoc/>
    internal override string NetworkTransport => _transport;

    /// <inheritdoc/>
    internal override bool CanSendMessages => _canSendMessages;

    /// <inheritdoc/>
    internal override bool CanStreamResult => _canStreamResult;

    /// <inheritdoc/>
    public override IServiceProvider? Services => _services;

    /// <summary>Called when the tool reports progress.</summary>
    internal Action? Progressed { get; set; }

    /// <summary>Makes a copy of the request that <paramref name="caller"/> carries.</summary>
    /// <param name="caller">The call; it waits, or is told of the end in another way.</param>
    /// <param name="canStream">True where the caller takes the result over, be it one that is made while it is sent.</param>
    internal static DetachedExchange Of(McpExchange caller, bool canStream)
    {
        if (!Spare.TryDequeue(out var copy))
        {
            copy = new DetachedExchange();
        }

        copy.Begin(caller, canStream);
        return copy;
    }

    /// <summary>Gives the exchange back, for another call. Whoever still holds it has a stale call.</summary>
    internal void Return()
    {
        Reset();
        _caller = null;
        _clientKey = null;
        _owner = "";
        _connectionKey = "";
        _user = null;
        _hostContext = null;
        _services = null;
        Progressed = null;
        if (Spare.Count < MaxSpare)
        {
            Spare.Enqueue(this);
        }
        else
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) =>
        NotifyCallAsync(Generation, notification, cancellationToken);

    /// <inheritdoc/>
    internal override ValueTask NotifyCallAsync(int generation, ReadOnlySpan<byte> notification, CancellationToken cancellationToken) =>
        IsOpen(generation) && _caller is { } caller ? caller.NotifyCallAsync(_callerGeneration, notification, cancellationToken) : default;

    /// <inheritdoc/>
    internal override ValueTask<bool> CloseStreamAsync(int generation, TimeSpan retryAfter, CancellationToken cancellationToken) =>
        IsOpen(generation) && _caller is { } caller ? caller.CloseStreamAsync(_callerGeneration, retryAfter, cancellationToken) : default;

    /// <inheritdoc/>
    internal override void AllowMessages()
    {
        base.AllowMessages();
        if (_caller is { } caller && caller.Generation == _callerGeneration)
        {
            caller.AllowMessages();
        }
    }

    /// <inheritdoc/>
    internal override void NoteProgress(int generation)
    {
        if (generation == Generation)
        {
            Progressed?.Invoke();
        }
    }

    private void Begin(McpExchange caller, bool canStream)
    {
        Load(caller.Body.Span, caller.Envelope);
        Version = caller.Version;
        Method = caller.Method;
        Session = caller.Session;
        Subject = caller.Subject;
        NameHeader = caller.NameHeader;
        _caller = caller;
        _callerGeneration = caller.Generation;
        _principal = caller.Principal;
        _owner = caller.Owner;
        _connectionKey = caller.ConnectionKey;
        _user = caller.User;
        _hostContext = caller.HostContext;
        Handler = caller.Handler;
        ShareState(caller);
        if (caller.Budget is { } budget)
        {
            UseMemory(budget.Governor);
        }
        _services = caller.Services;
        _transport = caller.NetworkTransport;
        _canSendMessages = caller.CanSendMessages;
        _canStreamResult = canStream && caller.CanStreamResult;
    }
}
