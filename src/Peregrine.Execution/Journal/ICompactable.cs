namespace Peregrine.Execution.Journal;

/// <summary>Something whose contents stand in a journal, and can be written into it once more. Called under the journal's lock.</summary>
internal interface ICompactable
{
    /// <summary>Takes a record as it was read when the journal was opened.</summary>
    void Restore(RecordKind kind, ReadOnlySpan<byte> payload);

    /// <summary>After the last of them.</summary>
    void EndRestoring();

    /// <summary>
    /// Begins to write what stands in segments before <paramref name="below"/> once more. Each step writes something and gives true, until the last: one that is not finished is
    /// followed by others, between which the contents change.
    /// </summary>
    IEnumerator<bool> Rewrite(int below, CommitLog log);
}
