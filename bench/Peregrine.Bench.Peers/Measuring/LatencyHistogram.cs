using System.Numerics;

namespace Peregrine.Bench.Peers.Measuring;

/// <summary>Counts durations in buckets whose width is a small part of their value; 1 ns to several hours, nothing is sampled away.</summary>
/// <param name="subBucketBits">The width is at most 1/2^this of the value: 1/64 by default.</param>
internal sealed class LatencyHistogram(int subBucketBits = 6)
{
    private readonly long[] _counts = new long[(64 - subBucketBits) << subBucketBits];
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

    private int IndexOf(long nanoseconds)
    {
        ulong value = (ulong)Math.Max(0, nanoseconds);
        int shift = Math.Max(0, BitOperations.Log2(value | 1) - subBucketBits);
        return (shift << subBucketBits) + (int)(value >> shift);
    }

    private double HighestOf(int index)
    {
        int shift = Math.Max(0, (index >> subBucketBits) - 1);
        return Math.ScaleB(index - (shift << subBucketBits) + 1, shift) - 1;
    }
}
