using System.Diagnostics;

namespace Peregrine.Bench.Micro.Ratios;

/// <summary>
/// Measures contestants in alternation, in samples of a millisecond, forth and back: what else the machine does hits all of them alike, and the
/// median of the ratios within a round stays put where absolute times jump about.
/// </summary>
internal static class PairedMeasurement
{
    private const int Rounds = 45;
    private static readonly long SampleTicks = Stopwatch.Frequency / 1000;
    private static long s_sum;

    /// <summary>Runs every contestant until the compiler has done its best with it. Compiling happens behind the scenes and takes wall-clock time.</summary>
    public static void WarmUp(IEnumerable<RatioCase> cases, TimeSpan time)
    {
        var runs = cases.SelectMany(static c => c.Contestants).ToList();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            foreach (var contestant in runs)
            {
                _ = Sample(contestant, 8);
            }
        }
    }

    public static RatioResult Measure(RatioCase ratioCase)
    {
        var contestants = ratioCase.Contestants;
        var counts = contestants.Select(Calibrate).ToArray();
        var times = contestants.Select(static _ => new double[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                var which = round % 2 == 0 ? i : contestants.Count - 1 - i;
                times[which][round] = Sample(contestants[which], counts[which]) * 1e9 / Stopwatch.Frequency / counts[which];
            }
        }

        return new RatioResult(ratioCase.Name, ratioCase.Bytes, [.. contestants.Select((c, i) => Summarise(c, times[i], times[0]))]);
    }

    private static ContestantResult Summarise(Contestant contestant, double[] times, double[] ours)
    {
        var ratios = times.Zip(ours, static (t, o) => t / o).Order().ToArray();
        return new ContestantResult(contestant.Name, Quantile([.. times.Order()], 0.5), Allocated(contestant), Quantile(ratios, 0.5), Quantile(ratios, 0.25), Quantile(ratios, 0.75));
    }

    private static double Quantile(double[] sorted, double q) => sorted[(int)Math.Round(q * (sorted.Length - 1))];

    private static int Calibrate(Contestant contestant)
    {
        for (var count = 1; ; count *= 2)
        {
            var ticks = Sample(contestant, count);
            if (ticks >= SampleTicks / 2)
            {
                return (int)Math.Max(1, count * SampleTicks / ticks);
            }
        }
    }

    private static double Allocated(Contestant contestant)
    {
        if (contestant.Timed is not null)
        {
            return double.NaN;
        }

        const int Count = 64;
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Sample(contestant, Count);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;
    }

    private static long Sample(Contestant contestant, int count)
    {
        if (contestant.Timed is { } timed)
        {
            return timed(count);
        }

        var run = contestant.Run;
        var sum = 0L;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            sum += run();
        }

        var ticks = Stopwatch.GetTimestamp() - start;
        s_sum += sum;
        return ticks;
    }
}
