using System.Collections.Immutable;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Resilience;
using Peregrine.Execution.Scheduling;
using Peregrine.Server.Once;

namespace Peregrine.Gateway.Policies;

/// <summary>The policies of a gateway: what holds for calls on their way to the servers. Immutable.</summary>
public sealed record PolicyConfiguration
{
    /// <summary>No policies: calls go through as they are, and cost nothing more.</summary>
    public static PolicyConfiguration None { get; } = new();

    /// <summary>What holds for every server, for each by itself.</summary>
    public PolicySettings Defaults { get; init; } = new();

    /// <summary>What holds for single servers, by their names in the configuration.</summary>
    public ImmutableSortedDictionary<string, PolicySettings> Servers { get; init; } = ImmutableSortedDictionary.Create<string, PolicySettings>(StringComparer.Ordinal);

    /// <summary>What holds for calls of one tier (<see cref="PolicySettings.Tier"/>), of all servers together. None of them says a tier itself.</summary>
    public ImmutableSortedDictionary<CallTier, PolicySettings> Tiers { get; init; } = ImmutableSortedDictionary<CallTier, PolicySettings>.Empty;

    /// <summary>What holds for single tools, prompts and resources. Of several patterns that match, the longest one without a star holds, else the longest.</summary>
    public ImmutableArray<PolicyPattern> Patterns { get; init; } = [];

    /// <summary>How much the cache keeps, of all servers together.</summary>
    public CacheOptions Cache { get; init; } = CacheOptions.Default;

    /// <summary>
    /// From how many bytes of managed memory on the gateway saves: results that are kept shrink to a quarter, slow calls are refused; a quarter further on normal ones as well. 16 MiB or more. Null: three quarters
    /// of what the process may use.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How long keys of calls are kept, and how many.</summary>
    public OnceOptions Once { get; init; } = OnceOptions.Default;

    /// <summary>True where nothing is asked for.</summary>
    internal bool IsEmpty => Defaults == new PolicySettings() && Servers.IsEmpty && Tiers.IsEmpty && Patterns.IsEmpty;

    /// <summary>True where some call with a key is to run once.</summary>
    public bool HasOnce => All.Any(static settings => settings.Once == true);

    /// <summary>True where every call with a key runs once: only then may clients be told to rely on it.</summary>
    internal bool IsOnceEverywhere => Defaults.Once == true && All.All(static settings => settings.Once != false);

    /// <summary>All settings there are.</summary>
    internal IEnumerable<PolicySettings> All => [Defaults, .. Servers.Values, .. Tiers.Values, .. Patterns.Select(static pattern => pattern.Settings)];

    /// <summary>True where both say the same.</summary>
    public bool Equals(PolicyConfiguration? other) => other is not null && Defaults == other.Defaults && Servers.SequenceEqual(other.Servers) && Tiers.SequenceEqual(other.Tiers) && Patterns.SequenceEqual(other.Patterns)
        && Cache == other.Cache && Once == other.Once && MemoryBytes == other.MemoryBytes;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Defaults, Servers.Count, Patterns.Length, Cache, Once);

    /// <summary>Every fault of these policies, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate() =>
    [
        .. ValidateOwn(),
        .. Defaults.Validate(nameof(Defaults)),
        .. Servers.SelectMany(static server => server.Value.Validate($"{nameof(Servers)}[{server.Key}]")),
        .. Tiers.SelectMany(static tier => tier.Value.Validate($"{nameof(Tiers)}[{tier.Key}]")),
        .. Patterns.SelectMany(static pattern => pattern.Settings.Validate($"{nameof(Patterns)}[{pattern.Pattern}]")),
        .. Cache.Validate(),
        .. Once.Validate(),
    ];

    private List<string> ValidateOwn()
    {
        List<string> faults = [];
        OptionRange.Check(faults, MemoryBytes ?? MemoryWatch.LeastLimit, MemoryWatch.LeastLimit, long.MaxValue, nameof(MemoryBytes));
        faults.AddRange(Tiers.Where(static tier => tier.Value.Tier is not null).Select(static tier => $"{nameof(Tiers)}[{tier.Key}].{nameof(PolicySettings.Tier)} says a tier; it is one."));
        return faults;
    }
}
