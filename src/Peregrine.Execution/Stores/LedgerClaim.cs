using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Stores;

/// <summary>How a caller claims a key.</summary>
public readonly record struct LedgerClaim
{
    /// <summary>The hash of the call's arguments: others under the same key are a conflict.</summary>
    public required ArgumentHash Arguments { get; init; }

    /// <summary>Which round of the call this is: 0 for the first, any other number for one that brings answers.</summary>
    public long Round { get; init; }

    /// <summary>How long the call may be in flight without being renewed; after that its outcome is unknown. <see cref="Timeout.InfiniteTimeSpan"/>: as long as the process lives.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>How long the key is kept after the call has ended. More than zero.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>True where the key was used before: a ledger that does not know it then answers <see cref="LedgerStatus.Expired"/> instead of starting the call.</summary>
    public bool MustBeKnown { get; init; }

    /// <summary>True where the call may be started although it may have run: it changes nothing, can be repeated, or can find out. Answered with <see cref="LedgerAnswer.MayHaveRun"/>.</summary>
    public bool TakesUnknown { get; init; }
}
