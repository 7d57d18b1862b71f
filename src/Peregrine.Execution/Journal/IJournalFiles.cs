namespace Peregrine.Execution.Journal;

/// <summary>The files of one journal: the one way in which it reaches a disk. One user at a time.</summary>
internal interface IJournalFiles : IDisposable
{
    /// <summary>Another one after each start of the machine; empty where that cannot be told.</summary>
    string MachineStart { get; }

    /// <summary>The names of the files there are.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    IReadOnlyList<string> List();

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    byte[] Read(string name);

    /// <summary>Waits until the disk has all of a file that another process wrote.</summary>
    /// <exception cref="IOException">It failed.</exception>
    void Sync(string name);

    /// <summary>Makes a file that is not there yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="durable">True where it must be in its folder also after power was lost.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    IJournalFile Create(string name, bool durable);

    /// <summary>Deletes a file.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    void Delete(string name);
}
