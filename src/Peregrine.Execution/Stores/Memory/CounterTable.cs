namespace Peregrine.Execution.Stores.Memory;

/// <summary>Buckets by name. Not thread-safe: all members are called under one lock.</summary>
internal sealed class CounterTable(TimeProvider time)
{
    // A full bucket is as good as none; so many are looked at before a new one is made.
    private const int SweepEvery = 1024;

    private readonly Dictionary<string, CounterEntry> _buckets = new(StringComparer.Ordinal);
    private int _untilSweep = SweepEvery;

    internal IEnumerable<CounterEntry> Entries => _buckets.Values;

    internal CounterAnswer Take(string name, double amount, CounterLimit limit, out CounterEntry changed)
    {
        StoreNames.Judge(name);
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit.Capacity, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfNegative(limit.PerSecond, nameof(limit));
        var now = Now;
        if (!_buckets.TryGetValue(name, out var bucket))
        {
            Sweep(now);
            _buckets.Add(name, bucket = new CounterEntry(name) { Level = limit.Capacity, At = now });
        }

        bucket.Limit = limit;
        changed = bucket;
        bucket.Level = Math.Min(limit.Capacity, bucket.Level + (Math.Max(0, now - bucket.At) / 1000.0 * limit.PerSecond));
        bucket.At = Math.Max(now, bucket.At);
        if (amount <= bucket.Level)
        {
            bucket.Level -= amount;
            return new CounterAnswer(IsTaken: true, bucket.Level, TimeSpan.Zero);
        }

        var never = amount > limit.Capacity || limit.PerSecond == 0;
        return new CounterAnswer(IsTaken: false, bucket.Level, never ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(Math.Ceiling((amount - bucket.Level) / limit.PerSecond * 1000)));
    }

    internal void Restore(CounterEntry entry) => _buckets[entry.Name] = entry;

    private void Sweep(long now)
    {
        if (--_untilSweep > 0)
        {
            return;
        }

        _untilSweep = Math.Max(SweepEvery, _buckets.Count / 2);
        foreach (var (name, bucket) in _buckets)
        {
            if (bucket.Level + ((now - bucket.At) / 1000.0 * bucket.Limit.PerSecond) >= bucket.Limit.Capacity)
            {
                _buckets.Remove(name);
            }
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
