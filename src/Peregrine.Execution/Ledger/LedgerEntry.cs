using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Execution.Ledger;

/// <summary>One key of a ledger. Guarded by the ledger's lock. Times are milliseconds since 1970, UTC.</summary>
internal sealed class LedgerEntry(CallKey key, ArgumentHash arguments)
{
    internal CallKey Key { get; } = key;

    internal ArgumentHash Arguments { get; } = arguments;

    internal EntryState State { get; set; }

    /// <summary>What the entry becomes when its end is written; meaningful while it is ending.</summary>
    internal EntryState EndsAs { get; set; }

    internal long Fence { get; set; }

    /// <summary>The round that runs or ran last.</summary>
    internal long Round { get; set; }

    /// <summary>What the entry was, and in which round, before its start; to be put back where that cannot be written.</summary>
    internal EntryState StateBefore { get; set; }

    internal long RoundBefore { get; set; }

    /// <summary>When an entry in flight is given up; <see cref="long.MaxValue"/> for never.</summary>
    internal long LeaseEnds { get; set; }

    internal long WindowMilliseconds { get; set; }

    /// <summary>When an entry that has ended is forgotten.</summary>
    internal long Expires { get; set; }

    internal byte[] Result { get; set; } = [];

    /// <summary>Number of the journal's segment in which the entry stands; 0 where there is no journal.</summary>
    internal int Segment { get; set; }

    internal List<ScheduledCompletion<LedgerAnswer>>? Waiters { get; set; }

    /// <summary>True where nobody owns the entry: it is kept for its window, then forgotten.</summary>
    internal bool HasEnded => State is EntryState.Completed or EntryState.Asking or EntryState.Unknown;
}
