using System.Numerics;

namespace Peregrine.Load.Histograms;

/// <summary>
/// Counts durations in log-linear buckets: 1,024 a power of two, so that every value is kept to three significant digits (within 0.05 %), from 1 ns to
/// 19 hours. Nothing is sampled. Not thread-safe: each worker records into one of its own, without locks, and they are merged.
/// </summary>
public sealed class Histogram
{
    /// <summary>The longest duration told apart, in nanoseconds; longer ones count as this.</summary>
    public const long MaxValue = (1L << 46) - 1;

    internal const int BucketCount = (46 - HalfBits) * HalfCount + HalfCount;

    private const int HalfBits = 10;
    private const int HalfCount = 1 << HalfBits;

    private readonly long[] _counts = new long[BucketCount];
    private long _min = long.MaxValue;
    private long _max;
    private double _sum;

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The shortest, in nanoseconds, exactly; 0 where none was recorded.</summary>
    public long Min => Count == 0 ? 0 : _min;

    /// <summary>The longest, in nanoseconds, exactly; 0 where none was recorded.</summary>
    public long Max => _max;

    /// <summary>The mean, in nanoseconds; 0 where none was recorded.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    internal double Sum => _sum;

    /// <summary>Records one duration.</summary>
    /// <param name="nanoseconds">The duration; a negative one counts as 0, one over <see cref="MaxValue"/> as that.</param>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, MaxValue);
        _counts[IndexOf(nanoseconds)]++;
        Count++;
        _sum += nanoseconds;
        if (nanoseconds < _min)
        {
            _min = nanoseconds;
        }

        if (nanoseconds > _max)
        {
            _max = nanoseconds;
        }
    }

    /// <summary>Adds all that <paramref name="other"/> holds.</summary>
    public void Merge(Histogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
        {
            return;
        }

        var last = IndexOf(other._max);
        for (var i = IndexOf(other._min); i <= last; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (Count == 0)
        {
            return;
        }

        var first = IndexOf(_min);
        Array.Clear(_counts, first, IndexOf(_max) - first + 1);
        Count = 0;
        _sum = 0;
        _min = long.MaxValue;
        _max = 0;
    }

    /// <summary>The duration that a share of all durations does not pass, in nanoseconds; 0 where none was recorded.</summary>
    /// <param name="quantile">The share: 0 to 1. 0.99 gives the 99th percentile, 1 the longest.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public long Quantile(double quantile)
    {
        if (!(quantile is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A share is between 0 and 1.");
        }

        if (Count == 0)
        {
            return 0;
        }

        // The decimal share as written, not the binary one next to it: 0.999 of 1,000 is the 999th.
        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count - 1e-7), 1, Count);
        if (rank == Count)
        {
            return _max;
        }

        long seen = 0;
        var i = IndexOf(_min);
        while ((seen += _counts[i]) < rank)
        {
            i++;
        }

        return Math.Clamp(MiddleOf(i), _min, _max);
    }

    /// <summary>The share of durations that do not pass <paramref name="nanoseconds"/>, 0 to 1; 0 where none was recorded.</summary>
    public double ShareUpTo(long nanoseconds)
    {
        if (Count == 0 || nanoseconds < _min)
        {
            return 0;
        }

        long seen = 0;
        var last = IndexOf(Math.Min(nanoseconds, _max));
        for (var i = IndexOf(_min); i <= last; i++)
        {
            seen += _counts[i];
        }

        return (double)seen / Count;
    }

    /// <summary>All that this holds, as a short text: the buckets that are not empty, as pairs of varints (how many were skipped, the count), in Base64.</summary>
    public string ToCompact() => HistogramCoding.Write(this);

    /// <summary>Reads what <see cref="ToCompact"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no histogram.</exception>
    public static Histogram FromCompact(string compact)
    {
        ArgumentNullException.ThrowIfNull(compact);
        return HistogramCoding.Read(compact);
    }

    internal static int IndexOf(long value)
    {
        // Below 2,048 a bucket holds one value; above, the top eleven bits say which.
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - HalfBits);
        return (shift << HalfBits) + (int)(value >> shift);
    }

    internal static long LowestOf(int index)
    {
        var shift = Math.Max(0, (index >> HalfBits) - 1);
        return (long)(index - (shift << HalfBits)) << shift;
    }

    internal static long MiddleOf(int index)
    {
        var shift = Math.Max(0, (index >> HalfBits) - 1);
        return LowestOf(index) + (1L << shift >> 1);
    }

    internal ReadOnlySpan<long> Counts => _counts;

    internal void Restore(int index, long count)
    {
        _counts[index] += count;
        Count += count;
    }

    internal void RestoreExtremes(long min, long max, double sum) => (_min, _max, _sum) = (min, max, sum);
}
