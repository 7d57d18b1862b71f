namespace Peregrine.Execution.Resilience;

/// <summary>How many calls may run at once, where that is found by itself.</summary>
public sealed record AdaptiveLimitOptions
{
    /// <summary>The fewest. 1 to <see cref="Max"/>; default 1.</summary>
    public int Min { get; init; } = 1;

    /// <summary>The most. 1 to 100,000; default 256.</summary>
    public int Max { get; init; } = 256;

    /// <summary>With how many to begin. <see cref="Min"/> to <see cref="Max"/>; default 4.</summary>
    public int Initial { get; init; } = 4;

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the options are called where they are used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        OptionRange.Check(faults, Max, 1, 100_000, $"{name}.Max");
        OptionRange.Check(faults, Min, 1, Max, $"{name}.Min");
        OptionRange.Check(faults, Initial, Min, Max, $"{name}.Initial");
    }
}
