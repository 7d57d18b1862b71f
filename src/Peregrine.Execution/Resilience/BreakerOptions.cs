namespace Peregrine.Execution.Resilience;

/// <summary>When a breaker opens (too many of the last attempts failed: further ones are refused at once), and for how long.</summary>
public sealed record BreakerOptions
{
    /// <summary>The part of failed attempts that opens it. 0.01 to 1; default 0.5.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>How many attempts within <see cref="Window"/> it takes to judge. 2 to 1,000,000; default 20.</summary>
    public int MinimumAttempts { get; init; } = 20;

    /// <summary>How far back attempts are counted. 0.5 s to 1 h; default 10 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it stays open before one attempt is let through to see. 0.5 s to 1 h; default 5 s.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, FailureRatio, 0.01, 1, $"{name}.FailureRatio");
        OptionRange.Check(faults, MinimumAttempts, 2, 1_000_000, $"{name}.MinimumAttempts");
        OptionRange.Check(faults, Window, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1), $"{name}.Window");
        OptionRange.Check(faults, BreakDuration, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1), $"{name}.BreakDuration");
    }
}
