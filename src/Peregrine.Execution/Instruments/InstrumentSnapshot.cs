using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Instruments;

/// <summary>The state of the instruments at one moment, made once a second and read without a lock. Immutable.</summary>
public sealed class InstrumentSnapshot
{
    private readonly long[] _ended;

    internal InstrumentSnapshot(DateTimeOffset taken, long begun, long[] ended, double callsPerSecond)
    {
        Taken = taken;
        Begun = begun;
        _ended = ended;
        CallsPerSecond = callsPerSecond;
    }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Taken { get; }

    /// <summary>Calls that have begun, ever.</summary>
    public long Begun { get; }

    /// <summary>Calls that have ended, ever.</summary>
    public long Ended => _ended.Sum();

    /// <summary>Calls that ended, in a second, since the snapshot before.</summary>
    public double CallsPerSecond { get; }

    /// <summary>Calls that ended so, ever.</summary>
    public long Count(RequestOutcome outcome) => _ended[(int)outcome];
}
