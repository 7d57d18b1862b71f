using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Instruments;
using Peregrine.Execution.Switches;
using Peregrine.Gateway.Admin;
using Peregrine.Gateway.Bridging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Policies;
using Peregrine.Gateway.Routing;
using Peregrine.Gateway.State;
using Peregrine.Gateway.Subscriptions;
using Peregrine.Gateway.Telemetry;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Telemetry;

namespace Peregrine.Gateway.Hosting;

/// <summary>
/// A gateway: one MCP endpoint in front of many servers. Make it, start it, map it with <see cref="GatewayEndpoints.MapPeregrineGateway"/> or serve
/// <see cref="Responder"/> on another front, and dispose it: that ends every process it started. Thread-safe.
/// </summary>
public sealed partial class PeregrineGateway : IAsyncDisposable
{
    private readonly GatewayPart[] _served;
    private readonly GatewayOptions _options;
    private readonly GatewayParts _parts;
    private readonly GatewayMeters _meters;
    private readonly Lazy<Task> _ending;

    /// <summary>Makes a gateway; nothing runs yet.</summary>
    /// <param name="configuration">What to serve.</param>
    /// <param name="options">What to run on; null for the defaults.</param>
    /// <exception cref="ArgumentException">Configuration or options are faulty; the message names every fault.</exception>
    public PeregrineGateway(GatewayConfiguration configuration, GatewayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _options = options ?? new GatewayOptions();
        if ((IReadOnlyList<string>)[.. configuration.Validate(), .. _options.Validate()] is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(configuration));
        }

        _ending = new Lazy<Task>(EndAsync);
        Configuration = configuration;
        Identity = new ServerIdentity(configuration.Name, _options.Version);
        Instruments = new CallInstruments(new InstrumentOptions { RecordCalls = configuration.RecordCalls, SlowCall = configuration.SlowCall }, _options.TimeProvider,
            _options.Loggers.CreateLogger("Peregrine.Gateway.Calls"),
            Switches.Add("call-records", "Records the calls that run and have lately ended, and logs slow ones.", configuration.RecordCalls));
        var state = _options.StateFolder is { } folder ? new FileStateFolder(folder) : null;
        Policies = new GatewayPolicies(Identity, _options.TimeProvider, _options.Scheduler, _options.Loggers.CreateLogger("Peregrine.Gateway.Policies"),
            _options.StateFolder is { } own ? Path.Combine(own, "keys") : null);
        Policies.Apply(configuration.Policies, ServersOf(configuration));
        SwitchLists = [new RuntimeSwitchList(Switches), Policies.Switches];
        GatewayTelemetry.Source.Prepare();
        _parts = new GatewayParts
        {
            Policies = Policies,
            Conversation = new UpstreamConversation(configuration.Name, _options.Version),
            Bridge = new ReplyBridge(Identity),
            Metrics = Metrics,
            Telemetry = new ServerTelemetry(GatewayTelemetry.Source, _options.TimeProvider, Instruments),
            Time = _options.TimeProvider,
            Scheduler = _options.Scheduler,
            Loggers = _options.Loggers,
            State = state,
            Mark = state is null ? null : GatewayMark.Own,
        };
        UpstreamSet = new UpstreamSet([]);
        _meters = new GatewayMeters(UpstreamSet);
        Catalog = new GatewayCatalog(UpstreamSet, Identity, configuration.ListTimeToLive);
        var views = configuration.VirtualServers.Select(virtualServer => new CatalogView(virtualServer, Catalog.Current)).ToArray();
        Catalog.Views = views;
        _served =
        [
            Serve(null, () => Catalog.Current, handler => Catalog.Changed += handler),
            .. configuration.VirtualServers.Zip(views, (virtualServer, view) => Serve(virtualServer.Name, () => view.Current, handler => view.Changed += handler)),
        ];
        UpstreamSet.Replace(
        [
            .. _options.InProcessServers.Select(server => Adopt(new InProcessUpstream(server.Name, server.Responder, _parts))),
            .. configuration.Upstreams.Select(upstream => Adopt(UpstreamFactory.Create(upstream, _parts))),
        ]);
        Policies.Load.Calls = () => (double)CallsInFlight / Configuration.MaxConcurrentCalls;
        Process = new ProcessSampler(_options.TimeProvider);
        StartedAt = _options.TimeProvider.GetTimestamp();
    }

    /// <summary>What answers clients.</summary>
    public IMcpResponder Responder => _served[0].Responder;

    /// <summary>The virtual servers: what answers at <c>/mcp/NAME</c>, by name.</summary>
    internal IEnumerable<(string Name, IMcpResponder Responder)> VirtualServers => _served.Skip(1).Select(static part => (part.Name!, (IMcpResponder)part.Responder));

    /// <summary>What the gateway serves.</summary>
    public GatewayConfiguration Configuration { get; private set; }

    /// <summary>Counters of every upstream.</summary>
    public RequestMetrics Metrics { get; } = new();

    /// <summary>True once the tools of every server have been asked for: each has answered, failed, or taken more than 5 s.</summary>
    public bool IsReady => _served[0].Responder.HasGathered;

    /// <summary>What turns features of the gateway on and off while it runs.</summary>
    internal RuntimeSwitches Switches { get; } = new();

    /// <summary>All that is turned on and off over the admin API.</summary>
    internal ImmutableArray<INamedSwitches> SwitchLists { get; set; }

    /// <summary>Single calls, where they are recorded.</summary>
    internal CallInstruments Instruments { get; }

    /// <summary>The file that is read again on demand; null where there is none.</summary>
    internal string? ConfigurationFile => _options.ConfigurationFile;

    /// <summary>How long calls in flight may go on where their server is to be begun anew.</summary>
    internal TimeSpan DrainTime => _options.DrainTime;

    internal ILoggerFactory Loggers => _options.Loggers;

    internal ServerIdentity Identity { get; }

    internal ImmutableArray<Upstream> Upstreams => UpstreamSet.Current;

    internal UpstreamSet UpstreamSet { get; }

    internal GatewayCatalog Catalog { get; }

    internal ProcessSampler Process { get; }

    /// <summary>What holds for calls on their way to the servers, with its switches and what it keeps.</summary>
    internal GatewayPolicies Policies { get; }

    internal long StartedAt { get; }

    internal TimeProvider Time => _options.TimeProvider;

    internal string Version => _options.Version;

    internal int CallsInFlight => _served.Sum(static part => part.Responder.InFlight);

    /// <summary>Begins to connect all servers at once, and returns; <see cref="IsReady"/> tells when their tools are known.</summary>
    public void Start()
    {
        if (_parts.State is { } state)
        {
            _ = TakeOverAsync(new GatewayMark(state));
        }

        // What is missing in lists is said from the first one on.
        Catalog.Rebuild(RegistryChange.None);
        foreach (var upstream in Upstreams)
        {
            upstream.Start();
        }

        foreach (var part in _served)
        {
            part.Responder.BeginGathering();
        }
    }

    /// <summary>Takes no new calls, lets those in flight end for a while, then closes every connection and ends every process. Whoever asks again waits for the same end.</summary>
    public ValueTask DisposeAsync() => new(_ending.Value);

    private async Task TakeOverAsync(GatewayMark mark)
    {
        if (await mark.TakeOverAsync(CancellationToken.None).ConfigureAwait(false) is var count and > 0)
        {
            HostingLog.EndedLeftovers(_options.Loggers.CreateLogger("Peregrine.Gateway"), count);
        }
    }

    private GatewayPart Serve(string? name, Func<CatalogSnapshot> catalog, Action<Action<RegistryChange>> onChanged)
    {
        var events = new GatewayEvents(catalog, UpstreamSet, Identity, _parts);
        onChanged(events.NoteChanged);
        return new GatewayPart(name, new GatewayResponder(catalog, events, UpstreamSet, Identity, Configuration.ListTimeToLive, Configuration.MaxConcurrentCalls, _parts)
        {
            // What a virtual server leaves out must not be reachable by a header that names something else than the body.
            RoutesByHeaders = name is null,
        }, events);
    }

    private Upstream Adopt(Upstream upstream)
    {
        Policies.Adopt(upstream);
        upstream.OfferChanged += Catalog.Rebuild;
        foreach (var part in _served)
        {
            part.Events.Adopt(upstream);
        }

        _ = NoteFirstAttemptAsync(upstream);
        return upstream;
    }

    // Lists say why they lack a server: that has changed when it turns out that it cannot be reached.
    private async Task NoteFirstAttemptAsync(Upstream upstream)
    {
        await upstream.FirstAttempt.ConfigureAwait(false);
        if (!upstream.HasGathered)
        {
            Catalog.Rebuild(RegistryChange.None);
        }
    }

    private async Task EndAsync()
    {
        foreach (var part in _served)
        {
            part.Responder.Drain();
        }

        var started = Time.GetTimestamp();
        using (var patience = new CancellationTokenSource(_options.DrainTime, Time))
        {
            await Task.WhenAll(_served.Select(part => part.Events.EndAllAsync(patience.Token))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (CallsInFlight > 0 && Time.GetElapsedTime(started) < _options.DrainTime)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Time).ConfigureAwait(false);
        }

        await Task.WhenAll(Upstreams.Select(static upstream => upstream.DisposeAsync().AsTask())).ConfigureAwait(false);
        await Policies.DisposeAsync().ConfigureAwait(false);
        Instruments.Dispose();
        _meters.Dispose();
    }

    private IEnumerable<string> ServersOf(GatewayConfiguration configuration) =>
        [.. _options.InProcessServers.Select(static server => server.Name), .. configuration.Upstreams.Select(static upstream => upstream.Name)];
}
