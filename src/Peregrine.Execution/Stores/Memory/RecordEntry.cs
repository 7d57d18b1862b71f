namespace Peregrine.Execution.Stores.Memory;

/// <summary>A record, or what is left of a deleted one (no value).</summary>
internal sealed class RecordEntry(string name, long version, byte[]? value, long expires)
{
    internal string Name { get; } = name;

    internal long Version { get; } = version;

    internal byte[]? Value { get; } = value;

    internal long Expires { get; } = expires;

    /// <summary>Number of the journal's segment in which the record stands; 0 where there is no journal.</summary>
    internal int Segment { get; set; }
}
