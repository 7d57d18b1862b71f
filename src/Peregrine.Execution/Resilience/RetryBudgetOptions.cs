namespace Peregrine.Execution.Resilience;

/// <summary>How many retries are allowed in all, in proportion to what is asked for: so that retries do not bury a server that is in trouble.</summary>
public sealed record RetryBudgetOptions
{
    /// <summary>Retries for each first attempt, in the long run. 0 to 10; default 0.2.</summary>
    public double Ratio { get; init; } = 0.2;

    /// <summary>Retries a second that are allowed however little is asked for. 0 to 10,000; default 10.</summary>
    public double MinPerSecond { get; init; } = 10;

    /// <summary>The most retries that can be saved up. 1 to 1,000,000; default 100, with which it also begins.</summary>
    public int Capacity { get; init; } = 100;

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, Ratio, 0, 10, $"{name}.Ratio");
        OptionRange.Check(faults, MinPerSecond, 0, 10_000, $"{name}.MinPerSecond");
        OptionRange.Check(faults, Capacity, 1, 1_000_000, $"{name}.Capacity");
    }
}
