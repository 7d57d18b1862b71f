using System.Buffers;

namespace Peregrine.Execution.Stores.Memory;

/// <summary>Records in this process's memory. Thread-safe.</summary>
/// <param name="time">Where time comes from; null for the system's.</param>
public sealed class MemoryRecordStore(TimeProvider? time = null) : IRecordStore
{
    private readonly Lock _gate = new();
    private readonly RecordTable _table = new(time ?? TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_table.Find(name) is { } entry ? new StoredRecord(entry.Version, entry.Value) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> WriteAsync(string name, long expectedVersion, ReadOnlySequence<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_table.Write(name, expectedVersion, value.ToArray(), timeToLive)?.Version ?? 0);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string name, long expectedVersion, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_table.Delete(name, expectedVersion) is not null);
        }
    }
}
