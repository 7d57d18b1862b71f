namespace Peregrine.Execution.Resilience;

/// <summary>When a call that is slow is sent a second time; the first answer counts and the other attempt is cancelled. Only for calls that may run twice.</summary>
public sealed record HedgingOptions
{
    /// <summary>How long to wait for one attempt before the next is sent beside it. 1 ms to 10 min; default 500 ms. A good choice is the 95th percentile of the latency.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>All attempts, the first included. 2 to 10; default 2.</summary>
    public int MaxAttempts { get; init; } = 2;

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, Delay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10), $"{name}.Delay");
        OptionRange.Check(faults, MaxAttempts, 2, 10, $"{name}.MaxAttempts");
    }
}
