namespace Peregrine.Execution.Journal;

/// <summary>What was found where a record should begin.</summary>
internal enum FrameState
{
    /// <summary>A record.</summary>
    Whole,

    /// <summary>The beginning of one: the bytes end too early.</summary>
    Cut,

    /// <summary>Something else.</summary>
    Damaged,
}
