namespace Peregrine.Execution.Stores;

/// <summary>What a ledger says of a key.</summary>
public enum LedgerStatus
{
    /// <summary>The ledger does not know the key. As an answer to waiting: the call was given up before it ran.</summary>
    New,

    /// <summary>The call belongs to who asked: it may run, and must be completed or abandoned.</summary>
    Started,

    /// <summary>Somebody else runs the call.</summary>
    InFlight,

    /// <summary>The call has ended; the answer holds its result.</summary>
    Completed,

    /// <summary>The call has asked its caller something and waits for the next round; the answer holds what it asked.</summary>
    Asking,

    /// <summary>Whether the call ran cannot be told.</summary>
    Unknown,

    /// <summary>The key stands for a call with other arguments, or for another round of this one that is under way.</summary>
    Conflict,

    /// <summary>The key is not known, and who asked said that it must be: it may have been forgotten. Nothing was started.</summary>
    Expired,

    /// <summary>There is no room for a further key, or it cannot be written. Nothing was started.</summary>
    Full,
}
