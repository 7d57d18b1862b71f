using Peregrine.Execution.Ledger;

namespace Peregrine.Execution.Journal;

/// <summary>Records that were appended under the lock and are to be written: awaited once, outside of it, by <see cref="CommitLog.WriteAsync"/>.</summary>
/// <param name="Completion">What becomes of the batch that they joined; null where who appended them has the turn to write.</param>
internal readonly record struct Commitment(ScheduledCompletion<bool>? Completion);
