namespace Peregrine.Execution.Stores.Memory;

/// <summary>Records by name. Not thread-safe: all members are called under one lock.</summary>
internal sealed class RecordTable(TimeProvider time)
{
    private readonly Dictionary<string, RecordEntry> _records = new(StringComparer.Ordinal);
    private readonly PriorityQueue<RecordEntry, long> _expiring = new();

    /// <summary>The version that the next write gives: versions of all records grow together, so that one that was deleted never comes back.</summary>
    internal long NextVersion { get; set; } = 1;

    internal IEnumerable<RecordEntry> Entries => _records.Values;

    internal RecordEntry? Find(string name)
    {
        StoreNames.Judge(name);
        Forget();
        return _records.GetValueOrDefault(name);
    }

    /// <summary>Writes, or says null where the version is another one.</summary>
    internal RecordEntry? Write(string name, long expectedVersion, byte[] value, TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        var old = Find(name);
        return (old?.Version ?? 0) == expectedVersion ? Put(new RecordEntry(name, NextVersion, value, Now + Milliseconds(timeToLive))) : null;
    }

    /// <summary>Deletes; what is left of the record, or null where the version is another one.</summary>
    internal RecordEntry? Delete(string name, long expectedVersion) =>
        Find(name) is { } old && old.Version == expectedVersion ? Put(new RecordEntry(name, NextVersion, null, Now)) : null;

    /// <summary>Takes a record from a journal, or puts one back.</summary>
    internal RecordEntry Put(RecordEntry entry)
    {
        NextVersion = Math.Max(NextVersion, entry.Version + 1);
        if (entry.Value is null)
        {
            _records.Remove(entry.Name);
        }
        else
        {
            _records[entry.Name] = entry;
            _expiring.Enqueue(entry, entry.Expires);
        }

        return entry;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Forget()
    {
        var now = Now;
        while (_expiring.TryPeek(out var entry, out var expires) && expires <= now)
        {
            _expiring.Dequeue();
            if (ReferenceEquals(_records.GetValueOrDefault(entry.Name), entry))
            {
                _records.Remove(entry.Name);
            }
        }
    }

    internal static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
