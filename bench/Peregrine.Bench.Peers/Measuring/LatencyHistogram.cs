using System.Numerics;

namespace Peregrine.Bench.Peers.Measuring;

/// <summary>Counts durations in buckets whose width is at most 1/64 of their value; 1 ns to several hours, nothing is sampled away.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;
    private readonly long[] _counts = new long[(64 - SubBucketBits) * SubBuckets];
    private long _total;

    public void Record(long nanoseconds)
    {
        _counts[IndexOf(nanoseconds)]++;
        _total++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _total = 0;
    }

    /// <summary>The duration that the given share (0 to 1) does not exceed; 0 when nothing was recorded.</summary>
    public TimeSpan Quantile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * _total));
        long seen = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank)
                return TimeSpan.FromMicroseconds(HighestOf(index) / 1000.0);
        }

        return TimeSpan.Zero;
    }

    private static int IndexOf(long nanoseconds)
    {
        ulong value = (ulong)Math.Max(0, nanoseconds);
        int shift = Math.Max(0, BitOperations.Log2(value | 1) - SubBucketBits);
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    private static double HighestOf(int index)
    {
        int shift = Math.Max(0, (index / SubBuckets) - 1);
        return Math.ScaleB(index - (shift * SubBuckets) + 1, shift) - 1;
    }
}
