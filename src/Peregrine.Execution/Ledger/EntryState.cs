namespace Peregrine.Execution.Ledger;

/// <summary>What has become of a call. The numbers are those in journals.</summary>
internal enum EntryState : byte
{
    /// <summary>Forgotten: the key is new again.</summary>
    New = 0,

    /// <summary>Its owner runs it, or is about to.</summary>
    InFlight = 1,

    /// <summary>It has ended, but that is being written: to everybody else it is in flight.</summary>
    Ending = 2,

    /// <summary>It has ended with a result.</summary>
    Completed = 3,

    /// <summary>It has asked its caller something.</summary>
    Asking = 4,

    /// <summary>Nobody knows.</summary>
    Unknown = 5,
}
