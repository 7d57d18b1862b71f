namespace Peregrine.Load.Workloads;

/// <summary>A stretch of time with a load: users that call one after another (closed loop), or iterations that begin by the clock (open loop).</summary>
public sealed record Stage
{
    /// <summary>The most iterations a second that may be asked for.</summary>
    public const double MaxRate = 10_000_000;

    /// <summary>The most users.</summary>
    public const int MaxConcurrency = 20_000;

    /// <summary>How long: more than 0, at most 7 days.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Iterations a second that begin, whatever became of the earlier ones; null in a closed loop. More than 0, or 0 at the start of a ramp.</summary>
    public double? Rate { get; init; }

    /// <summary>Users, each of whom begins an iteration as soon as its last one ended; null in an open loop.</summary>
    public int? Concurrency { get; init; }

    /// <summary>True where the load moves in a straight line from the end of the stage before (0 before the first) to this one's; false where it jumps.</summary>
    public bool Ramp { get; init; }
}
