namespace Peregrine.Execution.Balancing;

/// <summary>One of the servers that a balancer chooses from. Thread-safe.</summary>
internal sealed class BalancingTarget
{
    private int _inFlight;

    /// <param name="index">Its place among its like, from 0.</param>
    /// <param name="name">Names it for consistent hashing: the same name has the same keys, in every process.</param>
    /// <param name="weight">1 or more.</param>
    /// <param name="health">Whether it is in use.</param>
    internal BalancingTarget(int index, string name, int weight, TargetHealth health)
    {
        Index = index;
        Name = name;
        Weight = weight;
        Health = health;
        Hash = HashKey.Of(System.Text.Encoding.UTF8.GetBytes(name));
    }

    internal int Index { get; }

    internal string Name { get; }

    internal int Weight { get; }

    internal TargetHealth Health { get; }

    internal ulong Hash { get; }

    /// <summary>Requests that were sent to it and have not ended.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Requests in flight for its weight, as if one more were sent.</summary>
    internal double Load => (InFlight + 1) / (double)Weight;

    internal void Begin() => Interlocked.Increment(ref _inFlight);

    internal void End() => Interlocked.Decrement(ref _inFlight);
}
