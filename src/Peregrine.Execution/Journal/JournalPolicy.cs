namespace Peregrine.Execution.Journal;

/// <summary>What a record in a journal survives once it counts as written.</summary>
public enum JournalPolicy
{
    /// <summary>The end of the process at any moment: the operating system has it.</summary>
    Os,

    /// <summary>The loss of power as well: the disk has it.</summary>
    Disk,
}
