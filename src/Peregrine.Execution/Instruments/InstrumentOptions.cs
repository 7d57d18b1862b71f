namespace Peregrine.Execution.Instruments;

/// <summary>What is remembered of single calls. Immutable. Validated whole.</summary>
public sealed record InstrumentOptions
{
    /// <summary>The defaults.</summary>
    public static InstrumentOptions Default { get; } = new();

    /// <summary>True where calls are recorded from the start; the switch <c>call-records</c> turns it on and off later.</summary>
    /// <value>False: calls pay nothing.</value>
    public bool RecordCalls { get; init; }

    /// <summary>From how long on a call is logged as slow, where calls are recorded. More than zero.</summary>
    /// <value>1 second.</value>
    public TimeSpan SlowCall { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many ended calls are kept to be looked at. 0 to 100,000.</summary>
    /// <value>256.</value>
    public int RecentCalls { get; init; } = 256;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (SlowCall <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(SlowCall)} is {SlowCall}; it must be more than zero.");
        }

        if (RecentCalls is < 0 or > 100_000)
        {
            faults.Add($"{nameof(RecentCalls)} is {RecentCalls}; it must be from 0 to 100000.");
        }

        return faults;
    }
}
