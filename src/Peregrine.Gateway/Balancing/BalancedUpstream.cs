using System.Collections.Immutable;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.Upstreams;
using Peregrine.Server.Registry;
using Peregrine.Server.Sessions;

namespace Peregrine.Gateway.Balancing;

/// <summary>
/// A server that is in several places, behind one name: each call goes to one of them, and where that one could not take it to another. A member that fails is taken out of use and comes back when it
/// answers again. What is offered is what the first member offers that is up: all are taken to be alike. Thread-safe.
/// </summary>
internal sealed partial class BalancedUpstream : Upstream
{
    private readonly BalancingOptions _options;
    private readonly TimeSpan _callTimeout;
    private readonly TimeProvider _time;
    private readonly BalancedMember[] _members;
    private readonly BalancingTarget[] _targets;
    private readonly Balancer _balancer;
    private readonly Balancer _pinned;
    private readonly ClientNames _clients = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _probing = Task.CompletedTask;

    /// <summary>Makes it; nothing is started yet.</summary>
    /// <param name="configuration">The server.</param>
    /// <param name="members">Its members, its own entry first, each with its weight.</param>
    /// <param name="parts">What upstreams share.</param>
    internal BalancedUpstream(UpstreamConfiguration configuration, IEnumerable<(string Name, int Weight, ConnectedUpstream Upstream)> members, GatewayParts parts)
        : base(configuration.Name, new NameRules(configuration.Prefix, configuration.Renames, configuration.Hidden), configuration.MaxConcurrentCalls, parts)
    {
        _options = configuration.Balancing;
        _callTimeout = configuration.CallTimeout;
        _time = parts.Time;
        _members = [.. members.Select((member, index) =>
            new BalancedMember(member.Name, member.Upstream, new BalancingTarget(index, member.Name, member.Weight, new TargetHealth(_options.Health, parts.Time))))];
        _targets = [.. _members.Select(static member => member.Target)];
        _balancer = Balancer.Create(_options.Strategy, SeededRandom.Create());
        _pinned = Balancer.Create(BalancingStrategy.ConsistentHash, SeededRandom.Create());
        foreach (var member in _members)
        {
            // Out of use until it is connected.
            member.Target.Health.EjectNow();
            member.Upstream.OfferChanged += NoteOffer;
            member.Upstream.ListChanged += NoteListChanged;
            member.Upstream.ResourceUpdated += NoteUpdated;
            member.Upstream.ConnectionsChanged += () => NoteConnection(member);
            if (member.Upstream.Pins is { } place)
            {
                // What one place lists may change what is pinned, and with it what another may offer.
                place.WithheldChanged += () => _ = member.Upstream.OfferAgainAsync(_stopping.Token).AsTask();
            }
        }
    }

    /// <summary>The members as they stand now, for whoever operates the gateway.</summary>
    internal IEnumerable<MemberStatus> Members => _members.Select(static member => member.Status);

    internal override string Transport => _members[0].Upstream.Transport;

    internal override string Target => string.Join(", ", _members.Select(static member => member.Upstream.Target).Distinct());

    internal override Task FirstAttempt => _firstAttempt.Task;

    internal override Task FirstKnown => Task.WhenAny(_known.Task, FirstAttempt);

    internal override ImmutableArray<string> StandardError => [.. _members.SelectMany(static member => member.Upstream.StandardError)];

    internal override int? ProcessId => _members.Select(static member => member.Upstream.ProcessId).FirstOrDefault(static id => id is not null);

    internal override int Connections => _members.Sum(static member => member.Upstream.Connections);

    internal override bool HasResources => base.HasResources || Array.Exists(_members, static member => member.Upstream.HasResources);

    // A key is good for the member that keeps it, and only where each keeps its own can the gateway leave keys to them.
    internal override bool KeepsKeys => Array.TrueForAll(_members, static member => member.Upstream.KeepsKeys);

    internal override void Watch(string uri, bool wanted)
    {
        foreach (var member in _members)
        {
            member.Upstream.Watch(uri, wanted);
        }
    }

    // At once: each has patience of its own, and a client that waits needs no more than one.
    internal override ValueTask WatchingAsync(CancellationToken cancellationToken) =>
        new(Task.WhenAll(_members.Select(member => member.Upstream.WatchingAsync(cancellationToken).AsTask())));

    internal override void WantLog(McpLogLevel level)
    {
        foreach (var member in _members)
        {
            member.Upstream.WantLog(level);
        }
    }

    internal override void Start()
    {
        foreach (var member in _members)
        {
            member.Upstream.Start();
        }

        _ = NoteFirstAsync();
        _probing = _options.ProbeInterval > TimeSpan.Zero ? ProbeAsync(_stopping.Token) : Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_members.Select(static member => member.Upstream.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _probing.ConfigureAwait(false);
        State = UpstreamState.Stopped;
    }

    // One that is up is enough (see NoteConnection); where none is, all have failed.
    private async Task NoteFirstAsync()
    {
        await Task.WhenAll(_members.Select(static member => member.Upstream.FirstAttempt)).ConfigureAwait(false);
        _firstAttempt.TrySetResult();
    }

    private async Task ProbeAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_options.ProbeInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                await Task.WhenAll(_members.Select(member => member.ProbeAsync(_options.ProbeTimeout, stopping))).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends, or another configuration holds.
        }
    }

    private void NoteOffer(RegistryChange told)
    {
        // In the order of the configuration, so that the lists do not depend on who was first.
        var known = Array.Find(_members, static member => member.Upstream is { HasGathered: true, Connections: > 0 }) ?? Array.Find(_members, static member => member.Upstream.HasGathered);
        if (known is not null)
        {
            Version = known.Upstream.Version;
            SetOffer(WithWithheldElsewhere(known), told);
        }
        else if (Array.Find(_members, static member => member.Upstream.Offer != UpstreamOffer.Empty) is { } copy)
        {
            SetCopy(copy.Upstream.Offer);
        }

        _known.TrySetResult();
    }

    // A tool that is withheld at one place is offered as another has it.
    private UpstreamOffer WithWithheldElsewhere(BalancedMember member)
    {
        var offer = member.Upstream.Offer;
        foreach (var change in member.Upstream.Pins?.Changes.Where(static change => change.IsWithheld) ?? [])
        {
            if (_members.SelectMany(static other => other.Upstream.Offer.Tools).FirstOrDefault(tool => tool.Key == change.Tool) is { } tool)
            {
                offer = offer.With(OfferKind.Tool, offer.Tools.Add(tool));
            }
        }

        return offer;
    }

    private void NoteConnection(BalancedMember member)
    {
        member.NoteConnection();
        TaskCompletionSource changed;
        lock (_gate)
        {
            State = BestState();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (State == UpstreamState.Ready)
        {
            _firstAttempt.TrySetResult();
        }

        changed.TrySetResult();
        NoteConnections();
    }

    // It is up as long as one of them is.
    private UpstreamState BestState()
    {
        var best = UpstreamState.Stopped;
        foreach (var member in _members)
        {
            var state = member.Upstream.State;
            if (state == UpstreamState.Ready)
            {
                return state;
            }

            best = state < best ? state : best;
        }

        return best;
    }
}
