using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;

namespace Peregrine.Gateway.Balancing;

/// <summary>How calls are shared among the members of a server. Immutable.</summary>
public sealed record BalancingOptions
{
    /// <summary>How the next member is chosen.</summary>
    /// <value>The one with fewer calls in flight of two taken at random.</value>
    public BalancingStrategy Strategy { get; init; } = BalancingStrategy.PowerOfTwo;

    /// <summary>What consistent hashing goes by.</summary>
    /// <value>The client.</value>
    public BalancingKey HashBy { get; init; } = BalancingKey.Client;

    /// <summary>The weight of the server's own entry, the first member. 1 to 1,000.</summary>
    /// <value>1.</value>
    public int Weight { get; init; } = 1;

    /// <summary>When a member is taken out of use, and when it comes back.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>How often each member is asked for a sign of life; zero for never. Zero to one hour.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a sign of life may take. 1 ms to 10 min.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, Weight, 1, 1000, $"{name}.{nameof(Weight)}");
        OptionRange.Check(faults, ProbeInterval, TimeSpan.Zero, TimeSpan.FromHours(1), $"{name}.{nameof(ProbeInterval)}");
        OptionRange.Check(faults, ProbeTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10), $"{name}.{nameof(ProbeTimeout)}");
        Health.Validate(faults, $"{name}.{nameof(Health)}");
    }
}
