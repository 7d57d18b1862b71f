namespace Peregrine.Execution.Scheduling;

/// <summary>How many calls run at once, how many wait and for how long. Immutable; the defaults limit nothing and cost nothing. Validated whole.</summary>
public sealed record SchedulingOptions
{
    /// <summary>The defaults.</summary>
    public static SchedulingOptions Default { get; } = new();

    /// <summary>How many calls may run at once. 1 to 1,000,000.</summary>
    /// <value>Null: any number.</value>
    public int? MaxConcurrentCalls { get; init; }

    /// <summary>How many calls of one client may run at once. 1 to 1,000,000.</summary>
    /// <value>Null: any number.</value>
    public int? MaxConcurrentCallsPerClient { get; init; }

    /// <summary>How many calls may wait for their turn; one more is refused at once. 0 to 1,000,000.</summary>
    /// <value>Null: half as many as may run, so that a call which is let wait takes at most about 1.8 times as long as one that is not; 1,024 where any number may run.</value>
    public int? MaxQueuedCalls { get; init; }

    /// <summary>How long a call may wait for its turn; then it is refused. More than zero.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan MaxQueueTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many calls marked as bound by the processor may run at once, each on a thread of its own. 1 to 1,024.</summary>
    /// <value>The number of processors.</value>
    public int MaxCpuBoundCalls { get; init; } = Math.Min(Environment.ProcessorCount, 1024);

    /// <summary>How long a call may take that says nothing of its progress, where its own kind has no such limit. More than zero.</summary>
    /// <value>Null: any time.</value>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>How long a call may take at most, however often it reports progress; each report begins <see cref="CallTimeout"/> anew. More than zero.</summary>
    /// <value>10 minutes.</value>
    public TimeSpan MaxCallTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Lowers and raises the number of calls that run at once as their latency says, between <see cref="MinConcurrentCalls"/> and <see cref="MaxConcurrentCalls"/>.</summary>
    /// <value>False.</value>
    public bool AdaptToLatency { get; init; }

    /// <summary>Lowers and raises the number of calls that run at once as processor and memory say, between <see cref="MinConcurrentCalls"/> and <see cref="MaxConcurrentCalls"/>.</summary>
    /// <value>False.</value>
    public bool AdaptToLoad { get; init; }

    /// <summary>How far adaptation may lower the number of calls that run at once. 1 to 1,000,000.</summary>
    /// <value>4.</value>
    public int MinConcurrentCalls { get; init; } = 4;

    /// <summary>Below this share of all processors in use, in percent, more calls may run (<see cref="AdaptToLoad"/>). 1 to 99, less than <see cref="ShrinkAboveCpuPercent"/>.</summary>
    /// <value>30.</value>
    public int GrowBelowCpuPercent { get; init; } = 30;

    /// <summary>Above this share of all processors in use, in percent, fewer calls may run (<see cref="AdaptToLoad"/>). 2 to 100.</summary>
    /// <value>80.</value>
    public int ShrinkAboveCpuPercent { get; init; } = 80;

    /// <summary>Above this share of the memory that the process may use, in percent, fewer calls may run (<see cref="AdaptToLoad"/>). 1 to 100.</summary>
    /// <value>80.</value>
    public int ShrinkAboveMemoryPercent { get; init; } = 80;

    /// <summary>How often processor and memory are looked at (<see cref="AdaptToLoad"/>). 100 milliseconds to one hour.</summary>
    /// <value>1 second.</value>
    public TimeSpan LoadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>True where calls without any limit of their own are limited.</summary>
    public bool LimitsEveryCall => MaxConcurrentCalls is not null || MaxConcurrentCallsPerClient is not null || CallTimeout is not null || AdaptToLatency || AdaptToLoad;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(faults, nameof(MaxConcurrentCalls), MaxConcurrentCalls ?? 1, 1, 1_000_000);
        Check(faults, nameof(MaxConcurrentCallsPerClient), MaxConcurrentCallsPerClient ?? 1, 1, 1_000_000);
        Check(faults, nameof(MaxQueuedCalls), MaxQueuedCalls ?? 0, 0, 1_000_000);
        Check(faults, nameof(MaxCpuBoundCalls), MaxCpuBoundCalls, 1, 1024);
        Check(faults, nameof(MinConcurrentCalls), MinConcurrentCalls, 1, 1_000_000);
        Check(faults, nameof(GrowBelowCpuPercent), GrowBelowCpuPercent, 1, 99);
        Check(faults, nameof(ShrinkAboveCpuPercent), ShrinkAboveCpuPercent, 2, 100);
        Check(faults, nameof(ShrinkAboveMemoryPercent), ShrinkAboveMemoryPercent, 1, 100);
        if (MaxQueueTime <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(MaxQueueTime)} is {MaxQueueTime}; it must be more than zero.");
        }

        if (CallTimeout <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(CallTimeout)} is {CallTimeout}; it must be more than zero.");
        }

        if (MaxCallTime <= TimeSpan.Zero)
        {
            faults.Add($"{nameof(MaxCallTime)} is {MaxCallTime}; it must be more than zero.");
        }

        if (LoadInterval < TimeSpan.FromMilliseconds(100) || LoadInterval > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(LoadInterval)} is {LoadInterval}; it must be from 100 milliseconds to one hour.");
        }

        if (GrowBelowCpuPercent >= ShrinkAboveCpuPercent)
        {
            faults.Add($"{nameof(GrowBelowCpuPercent)} is {GrowBelowCpuPercent}; it must be less than {nameof(ShrinkAboveCpuPercent)}, {ShrinkAboveCpuPercent}.");
        }

        if ((AdaptToLatency || AdaptToLoad) && MaxConcurrentCalls < MinConcurrentCalls)
        {
            faults.Add($"{nameof(MaxConcurrentCalls)} is {MaxConcurrentCalls}; it must be at least {nameof(MinConcurrentCalls)}, {MinConcurrentCalls}.");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name} is {value}; it must be from {least} to {most}.");
        }
    }
}
