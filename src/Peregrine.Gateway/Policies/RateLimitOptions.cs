using Peregrine.Execution.Resilience;
using Peregrine.Execution.Stores;

namespace Peregrine.Gateway.Policies;

/// <summary>How many calls may begin: a bucket of tokens, of which each call takes one. Immutable.</summary>
public sealed record RateLimitOptions
{
    /// <summary>How many calls a second in the long run. More than 0, at most 1,000,000.</summary>
    /// <value>None: it has to be given.</value>
    public required double PerSecond { get; init; }

    /// <summary>How many may begin at once after a pause. 1 to 1,000,000; default: those of one second, 1 at least.</summary>
    public double? Burst { get; init; }

    internal CounterLimit Limit => new(Burst ?? Math.Max(1, PerSecond), PerSecond);

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, PerSecond, double.Epsilon, 1_000_000, $"{name}.{nameof(PerSecond)}");
        OptionRange.Check(faults, Limit.Capacity, 1, 1_000_000, $"{name}.{nameof(Burst)}");
    }
}
