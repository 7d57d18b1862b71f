using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Catalog.Pinning;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.State;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// An upstream behind connections: one over HTTP, one or a pool of processes over stdio. What it offers is read from whichever connection is up; calls go to the connection that has
/// the fewest in flight, and wait where there is none.
/// </summary>
internal sealed partial class ConnectedUpstream : Upstream
{
    // A client that subscribes waits so long for the server behind to be told, and no longer.
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(5);

    private readonly UpstreamConfiguration _configuration;
    private readonly PeregrineClientOptions _options;
    private readonly Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> _connect;
    private readonly UpstreamConversation _conversation;
    private readonly WatchedResources _watched;
    private readonly ReplyBridge _bridge;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly UpstreamPool _pool;
    private readonly IStateFolder? _state;
    private readonly LoneCaller _loneCaller;
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private McpLogLevel? _logLevel;
    private volatile TransactionOffer? _keys;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _watching = Task.CompletedTask;

    internal ConnectedUpstream(
        UpstreamConfiguration configuration, PeregrineClientOptions options, Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> connect, string target,
        GatewayParts parts)
        : base(configuration.Name, new NameRules(configuration.Prefix, configuration.Renames, configuration.Hidden), configuration.MaxConcurrentCalls, parts)
    {
        _configuration = configuration;
        _options = options;
        _connect = connect;
        Target = target;
        _conversation = parts.Conversation;
        _watched = new WatchedResources(parts.Conversation, parts.Time, NoteUpdated);
        _bridge = parts.Bridge;
        _time = parts.Time;
        _logger = parts.Loggers.CreateLogger("Peregrine.Gateway.Upstreams");
        _state = parts.State;
        _loneCaller = parts.LoneCaller;
        _pool = new UpstreamPool((configuration as StdioUpstreamConfiguration)?.Pool ?? PoolConfiguration.Single, () => new UpstreamConnection(this, _time, _logger), _time);
    }

    internal override string Transport => _configuration is StdioUpstreamConfiguration ? "stdio" : "http";

    internal override string Target { get; }

    internal override Task FirstAttempt => _pool.First.FirstAttempt;

    internal override Task FirstKnown => Task.WhenAny(_known.Task, FirstAttempt);

    internal override int? ProcessId => _pool.Connections.Select(static connection => connection.ProcessId).FirstOrDefault(static id => id is not null);

    internal override int Connections => _pool.Connections.Count(static connection => connection.Session is not null);

    internal override ImmutableArray<string> StandardError => [.. _pool.Connections.SelectMany(static connection => connection.StandardError)];

    internal override bool HasResources => base.HasResources || _pool.Connections.Any(static connection => connection.Session is { OffersResources: true });

    internal override bool KeepsKeys => _keys is not null;

    internal override string? KeyEpoch => _keys?.Epoch;

    /// <summary>True where it is one of several places of a server: then a call does not wait for it, but goes to another.</summary>
    internal bool IsMember { get; init; }

    /// <summary>What its tools are held against; null where definitions are not compared.</summary>
    internal PinnedPlace? Pins { get; init; }

    /// <summary>The name of the entry with the copy of what it offers: one of its own, for places that write over each other's copy would have none of their own to begin with.</summary>
    internal required string CopyEntry { get; init; }

    /// <summary>Asks the server for a sign of life; false where there is none in time. Never fails.</summary>
    internal async ValueTask<bool> ProbeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_pool.Connections.Select(static connection => connection.Session).FirstOrDefault(static session => session is not null) is not { } session)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(timeout, _time);
        using var probing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await session.Client.PingAsync(probing.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            // An error is an answer.
            return exception is McpPeerException;
        }
    }

    /// <summary>How long connecting and listing may take.</summary>
    internal TimeSpan StartTimeout => _configuration.StartTimeout;

    /// <summary>How long a call may take.</summary>
    internal TimeSpan CallTimeout => _configuration.CallTimeout;

    /// <summary>How long to wait at most before it is tried again.</summary>
    internal TimeSpan LongestPause => _configuration is StdioUpstreamConfiguration ? BackOff.OfProcesses : BackOff.OfServers;

    internal override void Watch(string uri, bool wanted) => _watched.Set(uri, wanted);

    internal override async ValueTask WatchingAsync(CancellationToken cancellationToken)
    {
        if (State == UpstreamState.Ready)
        {
            await _watched.ToldAsync().WaitAsync(WatchPatience, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal override void WantLog(McpLogLevel level)
    {
        lock (_gate)
        {
            if (_logLevel <= level)
            {
                return;
            }

            _logLevel = level;
        }

        foreach (var connection in _pool.Connections)
        {
            if (connection.Session is { } session)
            {
                _ = UpstreamConversation.SetLogLevelAsync(session, level);
            }
        }
    }

    internal override void Start()
    {
        _ = LoadCopyAsync();
        _pool.Start();
        _watching = WatchAsync(_stopping.Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    /// <summary>Connects once, and reads what the server offers.</summary>
    /// <param name="era">The era that was spoken last; null where it is to be found out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<UpstreamSession> OpenAsync(ProtocolEra? era, CancellationToken cancellationToken)
    {
        var handler = new UpstreamHandler(NoteUpdated, NoteListChanged);
        var client = await _connect(_options with { Handler = handler, Era = _options.Era ?? era }, cancellationToken).ConfigureAwait(false);
        var session = new UpstreamSession(client, handler);
        try
        {
            await ReadAsync(session, OfferKinds.All, RegistryChange.None, cancellationToken).ConfigureAwait(false);
            Version = session.Connection.Version;
            _keys = TransactionOffer.Read(client.ServerCapabilities.Span);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Tells a session that has just begun what it must know.</summary>
    internal void Welcome(UpstreamSession session)
    {
        if (_logLevel is { } level)
        {
            _ = UpstreamConversation.SetLogLevelAsync(session, level);
        }
    }

    /// <summary>Reads lists again when the server says that they have changed, until the session ends. Never fails.</summary>
    internal async Task RefreshAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var (changed, isTold) = await session.Handler.WaitAsync(cancellationToken).ConfigureAwait(false);
                using var patience = new CancellationTokenSource(_configuration.StartTimeout, _time);
                using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
                if (await ReadAsync(session, changed, isTold ? ChangeOf(changed) : null, reading.Token).ConfigureAwait(false))
                {
                    UpstreamLog.Changed(_logger, Name, string.Join(", ", changed.Select(static kind => kind.Noun() + "s")));
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                NoteError(exception.Message);
                UpstreamLog.RefreshFailed(_logger, Name, exception.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>A connection ended, or could not be made.</summary>
    internal void NoteLost(string reason) => NoteError(reason);

    /// <summary>A connection is tried again.</summary>
    internal void NoteRestart() => CountRestart();

    /// <summary>A connection has changed its state: who waits looks again.</summary>
    internal void NoteChange()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            State = _pool.State;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
        NoteConnections();
    }

    private static RegistryChange ChangeOf(OfferKind[] kinds)
    {
        var change = RegistryChange.None;
        foreach (var kind in kinds)
        {
            change |= kind.ChangeOf();
        }

        return change;
    }

    // One connection at a time tells of resources: with more, clients would be told of each update several times.
    private async Task WatchAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Task changed;
            UpstreamSession? session;
            lock (_gate)
            {
                changed = _changed.Task;
                session = _pool.Connections.Select(static connection => connection.Session).FirstOrDefault(static session => session is not null);
            }

            if (session is null)
            {
                await changed.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            using var serving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var watching = _watched.RunAsync(session, serving.Token);
            await session.Ended.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await serving.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    // All lists at once: a server that is far away is asked for everything in the time of one question. One session at a time, for what it reads is put together with what is known. Where the server
    // has told of no change (null), what is as it was is none. True where something is offered anew.
    private async Task<bool> ReadAsync(UpstreamSession session, OfferKind[] kinds, RegistryChange? told, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var lists = await Task.WhenAll(kinds.Select(kind => ReadAsync(session, kind, cancellationToken))).ConfigureAwait(false);
            var offer = Offer;
            for (var i = 0; i < kinds.Length; i++)
            {
                var items = kinds[i] == OfferKind.Tool && Pins is not null ? await Pins.JudgeAsync(lists[i], cancellationToken).ConfigureAwait(false) : lists[i];
                offer = offer.With(kinds[i], items);
            }

            if (told is null && offer.IsSameAs(Offer))
            {
                return false;
            }

            await SetOfferAsync(offer, told ?? RegistryChange.None, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async ValueTask SetOfferAsync(UpstreamOffer offer, RegistryChange told, CancellationToken cancellationToken)
    {
        SetOffer(offer, told);
        if (_state is not null)
        {
            await _state.WriteAsync(CopyEntry, OfferCopy.Write(Target, offer), cancellationToken).ConfigureAwait(false);
        }
    }

    // Never fails: without a copy the lists wait for the server.
    private async Task LoadCopyAsync()
    {
        if (_state is not null && await _state.ReadAsync(CopyEntry, _stopping.Token).ConfigureAwait(false) is { } content && OfferCopy.Read(Target, content) is { } offer)
        {
            SetCopy(offer);
            _known.TrySetResult();
        }
    }

    private async Task<ImmutableArray<UpstreamItem>> ReadAsync(UpstreamSession session, OfferKind kind, CancellationToken cancellationToken)
    {
        if (!session.Offers(kind))
        {
            return [];
        }

        var items = await UpstreamConversation.ListAsync(session.Client, kind, cancellationToken).ConfigureAwait(false);
        if (kind != OfferKind.Tool)
        {
            return [.. items];
        }

        if (session.WantsHeaders)
        {
            items.RemoveAll(tool => !HasSoundHeaders(tool));
        }

        return _configuration.Tools is { } wanted ? [.. items.Where(tool => wanted.Contains(tool.Key))] : [.. items];
    }

    // 2026-07-28, Streamable HTTP, custom headers: a client must leave out a tool whose annotations it cannot follow.
    private bool HasSoundHeaders(UpstreamItem tool)
    {
        if (tool.HeaderFault is not { } fault)
        {
            return true;
        }

        UpstreamLog.LeftOut(_logger, Name, tool.Key, fault);
        return false;
    }
}
