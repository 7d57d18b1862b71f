namespace Peregrine.Execution.Journal;

/// <summary>What a record of a journal holds.</summary>
internal enum RecordKind : byte
{
    /// <summary>The first of a segment: what came before it.</summary>
    Segment = 1,

    /// <summary>Segments before a number are not needed any more.</summary>
    Compacted = 2,

    /// <summary>All of one key of the ledger.</summary>
    Call = 3,

    /// <summary>A record of the record store.</summary>
    Record = 4,

    /// <summary>An event.</summary>
    Event = 5,

    /// <summary>How far a stream of events has counted.</summary>
    Stream = 6,

    /// <summary>A bucket.</summary>
    Counter = 7,

    /// <summary>The end of a batch that was flushed as one: nothing behind it was written before all in front of it was on the disk.</summary>
    BatchEnd = 8,
}
