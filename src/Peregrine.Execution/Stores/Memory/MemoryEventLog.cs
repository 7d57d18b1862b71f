using System.Buffers;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Stores.Memory;

/// <summary>Events in this process's memory. Thread-safe.</summary>
public sealed class MemoryEventLog : IEventLog
{
    private readonly Lock _gate = new();
    private readonly EventTable _table;

    /// <summary>Makes an empty log.</summary>
    /// <param name="time">Where time comes from; null for the system's.</param>
    /// <param name="scheduler">Who runs what waited; null for the thread pool.</param>
    public MemoryEventLog(TimeProvider? time = null, IWorkScheduler? scheduler = null) =>
        _table = new EventTable(time ?? TimeProvider.System, scheduler ?? ThreadPoolScheduler.Instance, _gate);

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(string stream, ReadOnlySequence<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var (opened, entry) = _table.Append(stream, value.ToArray(), timeToLive);
            _table.Forget(opened);
            EventTable.Publish(opened, entry);
            return new(entry.Number);
        }
    }

    /// <inheritdoc/>
    public ValueTask<EventPage> ReadAsync(string stream, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_table.Read(stream, after, limit));
        }
    }

    /// <inheritdoc/>
    public ValueTask WaitAsync(string stream, long after, CancellationToken cancellationToken) => _table.AwaitAsync(stream, after, cancellationToken);
}
