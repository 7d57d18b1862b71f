namespace Peregrine.Execution.Caching;

/// <summary>How much a result cache keeps. Immutable. Validated whole.</summary>
public sealed record CacheOptions
{
    /// <summary>The defaults.</summary>
    public static CacheOptions Default { get; } = new();

    /// <summary>How many bytes the results and what they are found by may take. 4,096 to 1 TiB.</summary>
    /// <value>64 MiB.</value>
    public long MaxBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>The longest result that is kept, in bytes. 1 to <see cref="MaxBytes"/>.</summary>
    /// <value>4 MiB.</value>
    public long MaxResultBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>For how long after its time a result may be served where the tool or resource fails. Zero to 31 days.</summary>
    /// <value>Zero: never.</value>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (MaxBytes is < 4096 or > 1L << 40)
        {
            faults.Add($"{nameof(MaxBytes)} is {MaxBytes}; it must be from 4096 to {1L << 40}.");
        }

        if (MaxResultBytes < 1 || MaxResultBytes > MaxBytes)
        {
            faults.Add($"{nameof(MaxResultBytes)} is {MaxResultBytes}; it must be from 1 to {nameof(MaxBytes)}, {MaxBytes}.");
        }

        if (StaleIfError < TimeSpan.Zero || StaleIfError > TimeSpan.FromDays(31))
        {
            faults.Add($"{nameof(StaleIfError)} is {StaleIfError}; it must be from zero to 31 days.");
        }

        return faults;
    }
}
