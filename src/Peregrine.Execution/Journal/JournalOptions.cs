using Peregrine.Execution.Ledger;

namespace Peregrine.Execution.Journal;

/// <summary>Where and how a journal is kept. Immutable; change it with <c>with</c>.</summary>
public sealed record JournalOptions
{
    /// <summary>The folder, created where it is missing; for this journal alone, one process at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>What a record survives once it counts as written.</summary>
    /// <value><see cref="JournalPolicy.Os"/>. After the machine has stopped the epoch is another one then, for the last records may be missing.</value>
    public JournalPolicy Policy { get; init; } = JournalPolicy.Os;

    /// <summary>How much is written before what is still needed is written once more into a new segment, in bytes; at least as much as is needed. 65,536 or more.</summary>
    /// <value>16 MiB.</value>
    public long SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long no further key is taken after a write has failed, before it is tried again. Zero or more.</summary>
    /// <value>One second.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much the ledger keeps.</summary>
    public LedgerLimits Ledger { get; init; } = LedgerLimits.Default;

    /// <summary>Every fault of these options, in words; empty where they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(Folder))
        {
            faults.Add($"{nameof(Folder)} is empty; it must name a folder.");
        }

        if (!Enum.IsDefined(Policy))
        {
            faults.Add($"{nameof(Policy)} is {Policy}; it must be {JournalPolicy.Os} or {JournalPolicy.Disk}.");
        }

        if (SegmentBytes < 65_536)
        {
            faults.Add($"{nameof(SegmentBytes)} is {SegmentBytes}; it must be 65536 or more.");
        }

        if (RetryAfter < TimeSpan.Zero)
        {
            faults.Add($"{nameof(RetryAfter)} is {RetryAfter}; it must be zero or more.");
        }

        faults.AddRange(Ledger.Validate().Select(static fault => $"{nameof(Ledger)}: {fault}"));
        return faults;
    }
}
