namespace Peregrine.Execution.Stores.Memory;

/// <summary>One bucket. Guarded by the store's lock.</summary>
internal sealed class CounterEntry(string name)
{
    internal string Name { get; } = name;

    internal double Level { get; set; }

    /// <summary>When it had that level: milliseconds since 1970, UTC.</summary>
    internal long At { get; set; }

    internal CounterLimit Limit { get; set; }

    /// <summary>Number of the journal's segment in which the bucket stands; 0 where there is no journal.</summary>
    internal int Segment { get; set; }
}
