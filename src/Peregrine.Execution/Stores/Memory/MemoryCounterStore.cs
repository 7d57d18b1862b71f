namespace Peregrine.Execution.Stores.Memory;

/// <summary>Buckets in this process's memory. Thread-safe.</summary>
/// <param name="time">Where time comes from; null for the system's.</param>
public sealed class MemoryCounterStore(TimeProvider? time = null) : ICounterStore
{
    private readonly Lock _gate = new();
    private readonly CounterTable _table = new(time ?? TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask<CounterAnswer> TakeAsync(string name, double amount, CounterLimit limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_table.Take(name, amount, limit, out _));
        }
    }
}
