namespace Peregrine.Execution.Stores.Memory;

/// <summary>One event.</summary>
internal sealed class EventEntry(long number, byte[] value, long expires)
{
    internal long Number { get; } = number;

    internal byte[] Value { get; } = value;

    internal long Expires { get; } = expires;

    /// <summary>Number of the journal's segment in which the event stands; 0 where there is no journal.</summary>
    internal int Segment { get; set; }
}
