namespace Peregrine.Execution.Scheduling;

/// <summary>Why a call may not run.</summary>
public enum RefusalReason : byte
{
    /// <summary>It may.</summary>
    None,

    /// <summary>As many calls run and wait as the whole may have.</summary>
    Overall,

    /// <summary>As many calls of this class run and wait as it may have.</summary>
    Class,

    /// <summary>As many calls of this client run and wait as it may have, or others have waited less.</summary>
    Client,

    /// <summary>It waited as long as calls may wait.</summary>
    QueueTime,

    /// <summary>Its caller cancelled it while it waited.</summary>
    Cancelled,
}
