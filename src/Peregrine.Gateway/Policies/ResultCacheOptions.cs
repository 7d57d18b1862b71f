using System.Collections.Immutable;
using Peregrine.Execution.Resilience;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Policies;

/// <summary>How results of read-only tools and of resources are kept. Immutable.</summary>
public sealed record ResultCacheOptions
{
    /// <summary>
    /// How long a result is served. Zero: as long as the server says (<c>ttlMs</c>), and not at all where it says nothing. Where both say something the shorter time holds. Zero to 31 days.
    /// </summary>
    /// <value>Zero.</value>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>For whom one is: for the caller it was made for, or for everybody. What a server calls private is for its caller alone, whatever is said here.</summary>
    /// <value>Private.</value>
    public McpCacheScope Scope { get; init; } = McpCacheScope.Private;

    /// <summary>For how long after its time a result may be served where no new one can be had. Zero to 31 days.</summary>
    /// <value>Zero: never.</value>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>What the results depend on beside their server, for tools that change it.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>True where both say the same.</summary>
    public bool Equals(ResultCacheOptions? other) => other is not null && TimeToLive == other.TimeToLive && Scope == other.Scope && StaleIfError == other.StaleIfError && Tags.SequenceEqual(other.Tags);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimeToLive, Scope, StaleIfError, Tags.Length);

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, TimeToLive, TimeSpan.Zero, TimeSpan.FromDays(31), $"{name}.{nameof(TimeToLive)}");
        OptionRange.Check(faults, StaleIfError, TimeSpan.Zero, TimeSpan.FromDays(31), $"{name}.{nameof(StaleIfError)}");
    }
}
