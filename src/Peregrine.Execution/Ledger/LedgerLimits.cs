namespace Peregrine.Execution.Ledger;

/// <summary>How much a ledger keeps. Immutable.</summary>
public sealed record LedgerLimits
{
    /// <summary>The defaults.</summary>
    public static LedgerLimits Default { get; } = new();

    /// <summary>How many keys are kept at most; a further one is refused until others expire. 1 to 16,777,216.</summary>
    /// <value>131,072.</value>
    public int MaxKeys { get; init; } = 131_072;

    /// <summary>How many bytes of results are kept before a further key is refused. 1,024 or more.</summary>
    /// <value>256 MiB.</value>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Every fault of these limits, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (MaxKeys is < 1 or > 16_777_216)
        {
            faults.Add($"{nameof(MaxKeys)} is {MaxKeys}; it must be from 1 to 16777216.");
        }

        if (MaxBytes < 1024)
        {
            faults.Add($"{nameof(MaxBytes)} is {MaxBytes}; it must be 1024 or more.");
        }

        return faults;
    }
}
