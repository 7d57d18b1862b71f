namespace Peregrine.Execution.Journal;

/// <summary>A file that a journal writes. One user at a time.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Writes at the end of the file. When it fails, any part may have been written.</summary>
    /// <exception cref="IOException">It failed.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until the disk has what was written.</summary>
    /// <exception cref="IOException">It failed: what was written since the last time may be lost.</exception>
    void Flush();
}
