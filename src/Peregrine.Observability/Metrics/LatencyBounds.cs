using System.Globalization;
using System.Numerics;

namespace Peregrine.Observability.Metrics;

/// <summary>
/// The upper bounds of the latency buckets: 25 a decade from 10 µs to 100 s, so that each is at most 1.1 times the one before, with every power of ten
/// and 5 s among them. A percentile read from them is off by less than a tenth. Immutable and thread-safe.
/// </summary>
public static class LatencyBounds
{
    private const int PerDecade = 25;
    private const int LowestExponent = -5;
    private const int HighestExponent = 2;

    // Values with the same leading six bits share one entry of the index: 1/32 is finer than the buckets, so at most two comparisons follow.
    private const int SubBits = 5;

    private static readonly decimal[] BoundSeconds = MakeSeconds();
    private static readonly long[] BoundTicks = [.. BoundSeconds.Select(static seconds => (long)decimal.Floor(seconds * TimeSpan.TicksPerSecond))];
    private static readonly byte[] FirstCandidates = MakeIndex();
    private static readonly string[] BoundLabels = [.. BoundSeconds.Select(static seconds => seconds.ToString("0.##########", CultureInfo.InvariantCulture))];

    /// <summary>How many bounds there are; a histogram has one bucket more, for what lies above the last.</summary>
    public static int Count => BoundTicks.Length;

    /// <summary>The bounds, ascending, in ticks of 100 ns.</summary>
    public static ReadOnlySpan<long> Ticks => BoundTicks;

    /// <summary>The bounds in seconds, as the <c>le</c> labels of the Prometheus text format write them.</summary>
    public static ReadOnlySpan<string> Labels => BoundLabels;

    /// <summary>The bucket of a latency: the first whose bound is not below it; <see cref="Count"/> where there is none.</summary>
    /// <param name="ticks">The latency in ticks of 100 ns; negative counts as zero.</param>
    public static int IndexOf(long ticks)
    {
        if (ticks <= BoundTicks[0])
        {
            return 0;
        }

        if (ticks > BoundTicks[^1])
        {
            return BoundTicks.Length;
        }

        int index = FirstCandidates[Key(ticks)];
        while (ticks > BoundTicks[index])
        {
            index++;
        }

        return index;
    }

    private static int Key(long ticks)
    {
        var exponent = BitOperations.Log2((ulong)ticks);
        return (exponent << SubBits) | (int)((ticks >> (exponent - SubBits)) & ((1 << SubBits) - 1));
    }

    private static decimal[] MakeSeconds()
    {
        List<decimal> bounds = [];
        for (var exponent = LowestExponent; exponent < HighestExponent; exponent++)
        {
            var decade = (decimal)Math.Pow(10, exponent);
            for (var step = 0; step < PerDecade; step++)
            {
                bounds.Add(decimal.Round((decimal)Math.Pow(10, (double)step / PerDecade), 3) * decade);
            }
        }

        bounds.Add((decimal)Math.Pow(10, HighestExponent));
        bounds.Add(5);
        bounds.Sort();
        return [.. bounds];
    }

    private static byte[] MakeIndex()
    {
        var index = new byte[Key(BoundTicks[^1]) + 1];
        var bucket = 0;
        for (var key = Key(BoundTicks[0]); key < index.Length; key++)
        {
            var exponent = key >> SubBits;
            var smallest = (1L << exponent) | ((long)(key & ((1 << SubBits) - 1)) << (exponent - SubBits));
            while (BoundTicks[bucket] < smallest)
            {
                bucket++;
            }

            index[key] = (byte)bucket;
        }

        return index;
    }
}
