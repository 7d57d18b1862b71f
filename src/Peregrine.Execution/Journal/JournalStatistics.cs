namespace Peregrine.Execution.Journal;

/// <summary>What a journal has written since it was opened.</summary>
/// <param name="Commits">Records that somebody waited for.</param>
/// <param name="Batches">Writes that they shared; under <see cref="JournalPolicy.Disk"/> each was one flush.</param>
public readonly record struct JournalStatistics(long Commits, long Batches);
