using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;

namespace Peregrine.Client.Pool;

/// <summary>Settings of a pool of clients.</summary>
public sealed record PoolOptions
{
    /// <summary>Settings of its clients. <see cref="PeregrineClientOptions.Reliability"/> and <see cref="PeregrineClientOptions.Cache"/> hold for the pool as a whole: a retry goes to another server.</summary>
    public PeregrineClientOptions Client { get; init; } = new();

    /// <summary>How a server is chosen. Default: the one with the fewer requests in flight of two taken at random.</summary>
    public BalancingStrategy Strategy { get; init; } = BalancingStrategy.PowerOfTwo;

    /// <summary>When a server is taken out of use, and when it comes back.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>
    /// How often a server that is out of use, or to which nothing was sent since the last time, is asked for a sign of life. 10 ms to 1 h; zero for never: then only the pool's own requests tell. Default 1 s.
    /// </summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take to give one. 1 ms to 10 min; default 2 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Throws where the settings are not valid, naming all faults.</summary>
    internal void Validate()
    {
        List<string> faults = [];
        if (Client is null)
        {
            faults.Add("Client is null.");
        }

        if (!Enum.IsDefined(Strategy))
        {
            faults.Add("Strategy is none of the strategies.");
        }

        if (Health is null)
        {
            faults.Add("Health is null.");
        }
        else
        {
            Health.Validate(faults, "Health");
        }

        if (ProbeInterval != TimeSpan.Zero)
        {
            OptionRange.Check(faults, ProbeInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), "ProbeInterval");
        }

        OptionRange.Check(faults, ProbeTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10), "ProbeTimeout");
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        Client!.Validate();
    }
}
