using System.Collections.Immutable;
using Peregrine.Execution.Caching;
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

    /// <summary>What holds for single tools, prompts and resources. Of several patterns that match, the longest one without a star holds, else the longest.</summary>
    public ImmutableArray<PolicyPattern> Patterns { get; init; } = [];

    /// <summary>How much the cache keeps, of all servers together.</summary>
    public CacheOptions Cache { get; init; } = CacheOptions.Default;

    /// <summary>How long keys of calls are kept, and how many.</summary>
    public OnceOptions Once { get; init; } = OnceOptions.Default;

    /// <summary>True where nothing is asked for.</summary>
    internal bool IsEmpty => Defaults == new PolicySettings() && Servers.IsEmpty && Patterns.IsEmpty;

    /// <summary>True where some call with a key is to run once.</summary>
    public bool HasOnce => Defaults.Once == true || Servers.Values.Any(static settings => settings.Once == true) || Patterns.Any(static pattern => pattern.Settings.Once == true);

    /// <summary>True where every call with a key runs once: only then may clients be told to rely on it.</summary>
    internal bool IsOnceEverywhere => Defaults.Once == true && Servers.Values.All(static settings => settings.Once != false) && Patterns.All(static pattern => pattern.Settings.Once != false);

    /// <summary>True where both say the same.</summary>
    public bool Equals(PolicyConfiguration? other) => other is not null && Defaults == other.Defaults && Servers.SequenceEqual(other.Servers) && Patterns.SequenceEqual(other.Patterns)
        && Cache == other.Cache && Once == other.Once;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Defaults, Servers.Count, Patterns.Length, Cache, Once);

    /// <summary>Every fault of these policies, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate() =>
    [
        .. Defaults.Validate(nameof(Defaults)),
        .. Servers.SelectMany(static server => server.Value.Validate($"{nameof(Servers)}[{server.Key}]")),
        .. Patterns.SelectMany(static pattern => pattern.Settings.Validate($"{nameof(Patterns)}[{pattern.Pattern}]")),
        .. Cache.Validate(),
        .. Once.Validate(),
    ];
}
