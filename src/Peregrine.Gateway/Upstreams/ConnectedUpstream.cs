using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Configuration;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;

namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// An upstream behind a connection, a process or HTTP, that is kept up: one loop connects, reads the tools, waits for the end, and begins again after a pause.
/// Calls take the session of the moment without a lock, and wait where there is none.
/// </summary>
internal sealed partial class ConnectedUpstream : Upstream
{
    // So many failures in a row mean that it will not be back within a call's patience: calls are refused at once instead of waiting.
    private const int FailuresUntilRefused = 3;

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
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly BackOff _backOff = new();
    private McpLogLevel? _logLevel;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile UpstreamSession? _session;
    private ImmutableArray<string> _lastWords = [];
    private Task _running = Task.CompletedTask;
    private int _failures;
    private ProtocolEra? _era;

    internal ConnectedUpstream(
        UpstreamConfiguration configuration, PeregrineClientOptions options, Func<PeregrineClientOptions, CancellationToken, ValueTask<PeregrineClient>> connect, string target,
        GatewayParts parts)
        : base(configuration.Name, configuration.Prefix, configuration.MaxConcurrentCalls, parts.Metrics, parts.Time)
    {
        _configuration = configuration;
        _options = options;
        _connect = connect;
        Target = target;
        _conversation = parts.Conversation;
        _watched = new WatchedResources(parts.Conversation);
        _bridge = parts.Bridge;
        _time = parts.Time;
        _logger = parts.Loggers.CreateLogger("Peregrine.Gateway.Upstreams");
    }

    internal override string Transport => _configuration is StdioUpstreamConfiguration ? "stdio" : "http";

    internal override string Target { get; }

    internal override Task FirstAttempt => _firstAttempt.Task;

    internal override int? ProcessId => _session?.Process?.ProcessId;

    internal override ImmutableArray<string> StandardError => _session?.Process is { } process ? [.. process.LastErrorLines] : _lastWords;

    internal override bool HasResources => base.HasResources || _session is { OffersResources: true };

    internal override void Watch(string uri, bool wanted) => _watched.Set(uri, wanted);

    internal override async ValueTask WatchingAsync(CancellationToken cancellationToken)
    {
        if (_session is not null)
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

        if (_session is { } session)
        {
            _ = _conversation.SetLogLevelAsync(session, level);
        }
    }

    internal override void Start() => _running = RunAsync(_stopping.Token);

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var started = _time.GetTimestamp();
            var reason = await LiveAsync(started, stopping).ConfigureAwait(false);
            _firstAttempt.TrySetResult();
            if (stopping.IsCancellationRequested)
            {
                break;
            }

            _backOff.NoteLife(_time.GetElapsedTime(started));
            var pause = _backOff.Next();
            NoteError(reason);
            UpstreamLog.Lost(_logger, Name, reason, (long)pause.TotalMilliseconds);
            SetState(_failures >= FailuresUntilRefused ? UpstreamState.Failing : UpstreamState.Restarting, session: null);
            await Task.Delay(pause, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            CountRestart();
        }

        SetState(UpstreamState.Stopped, session: null);
    }

    // One life: connects, serves until the end, closes. Gives the reason of the end, and never fails.
    private async Task<string> LiveAsync(long started, CancellationToken stopping)
    {
        UpstreamSession? session = null;
        try
        {
            using (var patience = new CancellationTokenSource(_configuration.StartTimeout, _time))
            using (var starting = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token))
            {
                var handler = new UpstreamHandler(NoteUpdated, _configuration.CallTimeout, _time);
                var client = await _connect(_options with { Handler = handler, Era = _options.Era ?? _era }, starting.Token).ConfigureAwait(false);
                session = new UpstreamSession(client, handler);
                await ReadAsync(session, OfferKinds.All, RegistryChange.None, starting.Token).ConfigureAwait(false);
            }

            _failures = 0;
            _era = session.Era;
            Version = session.Connection.Version;
            SetState(UpstreamState.Ready, session);
            _firstAttempt.TrySetResult();
            UpstreamLog.Ready(_logger, Name, (long)_time.GetElapsedTime(started).TotalMilliseconds, Offer.Tools.Length, Version.ToText());
            await ServeAsync(session, stopping).ConfigureAwait(false);
            return await session.DescribeEndAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It may be another program now: the next attempt asks for its era again.
            _era = null;
            _failures++;
            return exception is OperationCanceledException
                ? $"It was not ready within {_configuration.StartTimeout.TotalSeconds:0.###} s."
                : exception.Message;
        }
        finally
        {
            if (session is not null)
            {
                Drop(session);
                _lastWords = session.Process is { } process ? [.. process.LastErrorLines] : [];
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(UpstreamSession session, CancellationToken stopping)
    {
        using var serving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var refreshing = RefreshAsync(session, serving.Token);
        var watching = _watched.RunAsync(session, serving.Token);
        if (_logLevel is { } level)
        {
            _ = _conversation.SetLogLevelAsync(session, level);
        }

        await session.Ended.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Drop(session);
        await serving.CancelAsync().ConfigureAwait(false);
        await refreshing.ConfigureAwait(false);
        await watching.ConfigureAwait(false);
    }

    private async Task RefreshAsync(UpstreamSession session, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var changed = await session.Handler.WaitAsync(cancellationToken).ConfigureAwait(false);
                using var patience = new CancellationTokenSource(_configuration.StartTimeout, _time);
                using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
                await ReadAsync(session, changed, ChangeOf(changed), reading.Token).ConfigureAwait(false);
                UpstreamLog.Changed(_logger, Name, string.Join(", ", changed.Select(static kind => kind.Noun() + "s")));
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

    // All at once: a server that is far away is asked for everything in the time of one question.
    private async Task ReadAsync(UpstreamSession session, OfferKind[] kinds, RegistryChange told, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(kinds.Select(kind => ReadAsync(session, kind, cancellationToken))).ConfigureAwait(false);
        var offer = Offer;
        for (var i = 0; i < kinds.Length; i++)
        {
            offer = offer.With(kinds[i], lists[i]);
        }

        SetOffer(offer, told);
    }

    private static RegistryChange ChangeOf(OfferKind[] kinds)
    {
        var change = RegistryChange.None;
        foreach (var kind in kinds)
        {
            change |= kind switch { OfferKind.Tool => RegistryChange.Tools, OfferKind.Prompt => RegistryChange.Prompts, _ => RegistryChange.Resources };
        }

        return change;
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

    private void Drop(UpstreamSession session)
    {
        lock (_gate)
        {
            if (_session == session)
            {
                _session = null;
                State = UpstreamState.Restarting;
            }
        }
    }

    private void SetState(UpstreamState state, UpstreamSession? session)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            State = state;
            _session = session;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
