namespace Peregrine.Execution.Resilience;

/// <summary>How many attempts may run at once, and how many wait for their turn; more are refused at once.</summary>
public sealed record BulkheadOptions
{
    /// <summary>How many may run. 1 to 1,000,000; default 100.</summary>
    public int MaxConcurrent { get; init; } = 100;

    /// <summary>How many may wait, the oldest first. 0 to 1,000,000; default 1,000.</summary>
    public int MaxQueued { get; init; } = 1000;

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, MaxConcurrent, 1, 1_000_000, $"{name}.MaxConcurrent");
        OptionRange.Check(faults, MaxQueued, 0, 1_000_000, $"{name}.MaxQueued");
    }
}
