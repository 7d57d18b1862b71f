using Microsoft.Extensions.Logging;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Policies;

/// <summary>
/// The policies of a gateway: finds what holds for a call, drops kept results when servers say that something has changed, and lists its switches. Another configuration replaces the whole at
/// once; calls in flight end under the one they began with. Thread-safe.
/// </summary>
internal sealed class GatewayPolicies : IAsyncDisposable
{
    private readonly PolicyParts _parts;
    private readonly IWorkScheduler _scheduler;
    private readonly string? _folder;
    private JournalStores? _journal;
    private ICallLedger? _ledger;
    private MemoryWatch? _memory;
    private volatile PolicyTable? _table;

    /// <summary>Makes the policies of a gateway that has none yet; see <see cref="Apply"/>.</summary>
    /// <param name="identity">As what the gateway answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="scheduler">Runs what waited.</param>
    /// <param name="logger">Takes log messages.</param>
    /// <param name="folder">Where the ledger of keyed calls is written; null for memory alone.</param>
    internal GatewayPolicies(ServerIdentity identity, TimeProvider time, IWorkScheduler scheduler, ILogger logger, string? folder)
    {
        _scheduler = scheduler;
        _folder = folder;
        _parts = new PolicyParts { Identity = identity, Time = time, Logger = logger, Counters = new MemoryCounterStore(time), Cache = new ResultCache(CacheOptions.Default, time) };
    }

    /// <summary>The switches, for whoever operates the gateway.</summary>
    internal PolicySwitches Switches => _parts.Switches;

    /// <summary>What keeps results: what it holds, and dropping by name and tag.</summary>
    internal ResultCache Cache => _parts.Cache;

    /// <summary>How much the gateway has to do.</summary>
    internal GatewayLoad Load => _parts.Load;

    /// <summary>What is in force.</summary>
    internal PolicyConfiguration Configuration { get; private set; } = PolicyConfiguration.None;

    /// <summary>
    /// What the gateway says in its capabilities about calls with a key: one member, raw; empty where it does not see to all of them, for a client that was told so repeats what it is not sure of.
    /// </summary>
    internal ReadOnlyMemory<byte> Capability => Configuration.IsOnceEverywhere ? _parts.Keys?.Capability ?? default : default;

    /// <summary>The policies of a call; null where none holds. Costs one read of memory where the gateway has none.</summary>
    internal RoutePolicy? Find(McpExchange exchange, Upstream upstream, in ForwardTarget target) => _table?.Find(exchange, upstream, target);

    /// <summary>True where something holds for calls of this tool, so that their bodies must have been read before they are forwarded.</summary>
    internal bool Holds(CatalogItem tool) => _table?.Holds(tool) == true;

    /// <summary>Puts policies in force. One at a time.</summary>
    /// <param name="policies">What holds from now on; valid.</param>
    /// <param name="servers">The names of the servers.</param>
    /// <exception cref="ArgumentException">They are faulty; the message names every fault.</exception>
    internal void Apply(PolicyConfiguration policies, IEnumerable<string> servers)
    {
        if (policies.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(policies));
        }

        if (policies.Cache != _parts.Cache.Options)
        {
            _parts.Cache = new ResultCache(policies.Cache, _parts.Time);
        }

        if (policies.HasOnce && (_parts.Keys is null || _parts.Keys.Options != policies.Once))
        {
            _parts.Keys = new KeptCalls(OpenLedger(policies), policies.Once, _parts.Identity, _parts.Time, _parts.Logger);
        }

        if (_memory is null || policies.MemoryBytes != Configuration.MemoryBytes)
        {
            _memory?.Dispose();
            _memory = new MemoryWatch(policies.MemoryBytes, static () => GC.GetTotalMemory(forceFullCollection: false),
                static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false), _parts.Load, () => _parts.Cache, _parts.Time, _parts.Logger);
        }

        var table = policies.IsEmpty ? null : new PolicyTable(policies, _parts);
        List<PolicyScope> scopes = [.. table?.Scopes(servers) ?? []];
        HashSet<string> switches = new(StringComparer.Ordinal);
        foreach (var scope in scopes)
        {
            foreach (var kind in PolicyKinds.All.Where(kind => kind.IsAsked(scope.Settings)))
            {
                switches.Add(_parts.Switches.Of(scope.Name, kind).Name);
            }
        }

        _table = table;
        Configuration = policies;
        _parts.Switches.Keep(switches);
        _parts.Keep(scopes.Select(static scope => scope.Name).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Follows what an upstream says of changes.</summary>
    internal void Adopt(Upstream upstream)
    {
        // Without a change told it has begun a new session: what it told meanwhile was lost, so nothing of it is known to be as it was.
        upstream.OfferChanged += told =>
        {
            if (told == RegistryChange.None)
            {
                Drop(CacheNames.OfServer(upstream.Name));
            }
        };
        upstream.ListChanged += kind => Drop(CacheNames.OfList(upstream.Name, kind));
        upstream.ResourceUpdated += uri => Drop(CacheNames.OfResource(upstream.Name, uri));
    }

    /// <summary>Drops all that is kept of a server, and keeps nothing of what it is answering now: another one takes its place.</summary>
    internal void Forget(string server) => Drop(CacheNames.OfServer(server));

    public ValueTask DisposeAsync()
    {
        _memory?.Dispose();
        return _journal?.DisposeAsync() ?? default;
    }

    private void Drop(string tag)
    {
        if (_table is not null)
        {
            _parts.Cache.Invalidate([tag]);
        }
    }

    private ICallLedger OpenLedger(PolicyConfiguration policies)
    {
        if (_ledger is not null)
        {
            return _ledger;
        }

        if (_folder is null)
        {
            return _ledger = new MemoryCallLedger(policies.Once.Memory, _parts.Time, _scheduler);
        }

        try
        {
            _journal = JournalStores.Open(new JournalOptions { Folder = _folder, Ledger = policies.Once.Memory }, _scheduler, _parts.Time, _parts.Logger);
            return _ledger = _journal.Ledger;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another gateway runs with the same state. Its own memory keeps keys as well, and forgets them with the process: callers are told by the epoch.
            PolicyLog.LedgerInMemory(_parts.Logger, _folder, exception.Message);
            return _ledger = new MemoryCallLedger(policies.Once.Memory, _parts.Time, _scheduler);
        }
    }
}
