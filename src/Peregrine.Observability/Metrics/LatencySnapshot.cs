namespace Peregrine.Observability.Metrics;

/// <summary>The state of one or more histograms at one time. Not thread-safe.</summary>
public sealed class LatencySnapshot
{
    private readonly long[] _counts = new long[LatencyBounds.Count + 1];

    /// <summary>How many latencies there are.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum.</summary>
    public TimeSpan Sum { get; private set; }

    /// <summary>How many fell into each bucket; the last is above all bounds.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>
    /// The latency that the given share of all calls did not pass (nearest rank, interpolated within its bucket): less than a tenth off from the exact
    /// one, for those between 10 µs and 100 s.
    /// </summary>
    /// <param name="share">0 to 1; 0.99 for P99.</param>
    /// <returns>Zero where nothing was recorded; the lowest bound for what lies below it, the highest for what lies above it.</returns>
    public TimeSpan Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        if (Count == 0)
        {
            return TimeSpan.Zero;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var bounds = LatencyBounds.Ticks;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (rank <= _counts[i])
            {
                // The first bucket says "at most", and nothing in it tells more.
                var lower = i == 0 ? bounds[0] : bounds[i - 1];
                return TimeSpan.FromTicks(lower + (long)((bounds[i] - lower) * ((double)rank / _counts[i])));
            }

            rank -= _counts[i];
        }

        return TimeSpan.FromTicks(bounds[^1]);
    }

    internal void Add(long[] stripe)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            var count = Volatile.Read(ref stripe[i]);
            _counts[i] += count;
            Count += count;
        }

        Sum += TimeSpan.FromTicks(Volatile.Read(ref stripe[^1]));
    }
}
