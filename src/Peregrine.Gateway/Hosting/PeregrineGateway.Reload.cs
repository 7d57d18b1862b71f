using System.Collections.Immutable;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Hosting;

/// <content>Changing the configuration while calls are in flight.</content>
public sealed partial class PeregrineGateway
{
    // How long the old server of a changed entry stays in place while the new one starts: its clients should not notice.
    private static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetireDelay = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _reloading = new(1, 1);

    /// <summary>
    /// Applies another configuration. Servers that are the same stay as they are; new and changed ones are started; a changed or removed one ends when its last call has, or after its call
    /// time. No call is dropped. One reload at a time; thread-safe.
    /// </summary>
    /// <param name="configuration">What to serve from now on.</param>
    /// <param name="cancellationToken">Stops waiting for new servers; what was begun goes on.</param>
    /// <returns>What has changed.</returns>
    /// <exception cref="ArgumentException">The configuration is faulty, and nothing was changed; the message names every fault.</exception>
    public async ValueTask<ReloadResult> ReloadAsync(GatewayConfiguration configuration, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(configuration));
        }

        await _reloading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ApplyAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reloading.Release();
        }
    }

    private async ValueTask<ReloadResult> ApplyAsync(GatewayConfiguration next, CancellationToken cancellationToken)
    {
        var before = Configuration.Upstreams.ToDictionary(static upstream => upstream.Name, StringComparer.Ordinal);
        var running = UpstreamSet.Current;
        var kept = StartWanted(next, before, running, out var started);
        ImmutableArray<string> changed = [.. started.Select(static upstream => upstream.Name).Where(before.ContainsKey)];

        // Only what takes another's place is waited for; what is new is listed when it is up.
        var replacing = started.Where(upstream => changed.Contains(upstream.Name)).Select(static upstream => upstream.FirstAttempt);
        await Task.WhenAll(replacing).WaitAsync(ChangePatience, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var gone = running.Where(upstream => !kept.Contains(upstream)).ToImmutableArray();
        UpstreamSet.Replace(kept);
        var result = new ReloadResult
        {
            Added = [.. started.Select(static upstream => upstream.Name).Where(name => !changed.Contains(name))],
            Changed = changed,
            Removed = [.. gone.Select(static upstream => upstream.Name).Where(name => !changed.Contains(name))],
            PoliciesChanged = next.Policies != Policies.Configuration,
            NotApplied = NotApplied(next),
        };
        TakeEffect(next, result);
        foreach (var upstream in gone)
        {
            _ = RetireAsync(upstream, before[upstream.Name].CallTimeout);
        }

        return result;
    }

    // The servers of the next configuration in its order, those that stay the same as they are. Those of the gateway's own process come first.
    private List<Upstream> StartWanted(GatewayConfiguration next, Dictionary<string, UpstreamConfiguration> before, ImmutableArray<Upstream> running, out List<Upstream> started)
    {
        List<Upstream> kept = [.. running.Take(_options.InProcessServers.Length)];
        started = [];
        foreach (var wanted in next.Upstreams)
        {
            if (before.TryGetValue(wanted.Name, out var known) && UpstreamConfigurationComparer.AreSame(known, wanted))
            {
                kept.Add(running.First(upstream => upstream.Name == wanted.Name && !kept.Contains(upstream)));
                continue;
            }

            var upstream = Adopt(UpstreamFactory.Create(wanted, _parts));
            upstream.Start();
            started.Add(upstream);
            kept.Add(upstream);
        }

        return kept;
    }

    private void TakeEffect(GatewayConfiguration next, ReloadResult result)
    {
        if (next.RecordCalls != Configuration.RecordCalls)
        {
            Switches["call-records"].Percent = next.RecordCalls ? 100 : 0;
        }

        Configuration = next;
        if (result.PoliciesChanged || !(result.Added.IsEmpty && result.Changed.IsEmpty && result.Removed.IsEmpty))
        {
            Policies.Apply(next.Policies, ServersOf(next));
        }

        foreach (var name in result.Changed)
        {
            Policies.Forget(name);
        }

        foreach (var part in _served)
        {
            part.Responder.MaxConcurrentCalls = next.MaxConcurrentCalls;
            part.Responder.Introduce(Policies.Capability.Span);
        }

        Catalog.Rebuild(Server.Registry.RegistryChange.None);
        foreach (var part in _served)
        {
            part.Events.FollowOwners();
        }
    }

    private ImmutableArray<string> NotApplied(GatewayConfiguration next)
    {
        List<string> reasons = [];
        if (next.Name != Configuration.Name)
        {
            reasons.Add($"peregrine.name: clients know the gateway as \"{Configuration.Name}\" until it is started again");
        }

        if (!next.Urls.SequenceEqual(Configuration.Urls))
        {
            reasons.Add("peregrine.urls: the gateway listens where it does until it is started again");
        }

        if (!VirtualServerConfiguration.AreSame(next.VirtualServers, Configuration.VirtualServers))
        {
            reasons.Add("peregrine.virtualServers: they stay what they are until the gateway is started again");
        }

        if (next.ListTimeToLive != Configuration.ListTimeToLive)
        {
            reasons.Add("peregrine.listTimeToLiveSeconds: lists keep the time to live that they have until the gateway is started again");
        }

        if (Configuration.Policies.HasOnce && next.Policies.Once.Memory != Configuration.Policies.Once.Memory)
        {
            reasons.Add("peregrine.policies.maxKeys: as many keys are kept as before until the gateway is started again");
        }

        if (next.SlowCall != Configuration.SlowCall)
        {
            reasons.Add("peregrine.slowCallSeconds: calls are slow from the time on that they were before until the gateway is started again");
        }

        if (next.OtlpEndpoint != Configuration.OtlpEndpoint)
        {
            reasons.Add("peregrine.otlpEndpoint: traces and metrics go where they did until the gateway is started again");
        }

        return [.. reasons];
    }

    private async Task RetireAsync(Upstream upstream, TimeSpan patience)
    {
        // A call that found it just before the change may not have entered yet.
        await Task.Delay(RetireDelay, Time).ConfigureAwait(false);
        var started = Time.GetTimestamp();
        while (upstream.InFlight > 0 && Time.GetElapsedTime(started) < patience && !_ending.IsValueCreated)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Time).ConfigureAwait(false);
        }

        await upstream.DisposeAsync().ConfigureAwait(false);
    }
}
