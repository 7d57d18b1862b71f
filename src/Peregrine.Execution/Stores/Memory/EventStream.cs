using Peregrine.Execution.Ledger;

namespace Peregrine.Execution.Stores.Memory;

/// <summary>One stream of events. Guarded by the log's lock.</summary>
internal sealed class EventStream(string name)
{
    internal string Name { get; } = name;

    /// <summary>The events that are kept, in their order.</summary>
    internal Queue<EventEntry> Events { get; } = new();

    /// <summary>The number of the last event there was.</summary>
    internal long Last { get; set; }

    /// <summary>The number of the last event that may be read.</summary>
    internal long Published { get; set; }

    /// <summary>Events that are written, but not the one before them; where there is a journal.</summary>
    internal Dictionary<long, EventEntry> Early { get; } = [];

    internal List<(long After, ScheduledCompletion<bool> Completion)> Waiters { get; } = [];

    /// <summary>Number of the journal's segment in which <see cref="Last"/> stands; 0 where there is no journal.</summary>
    internal int Segment { get; set; }
}
