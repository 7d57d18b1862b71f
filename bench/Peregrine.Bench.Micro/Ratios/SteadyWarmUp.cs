using System.Diagnostics;

namespace Peregrine.Bench.Micro.Ratios;

/// <summary>Runs a contestant until it does not get faster any more: three windows of a second agree within 3 %, or none of ten was faster than all before.</summary>
internal static class SteadyWarmUp
{
    private const int Windows = 3;
    private const int WindowsWithoutGain = 10;
    private const double Tolerance = 0.03;

    // The official SDK reaches its full speed after about 75 s where it shares one core with its compiler, with plateaus before.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(Environment.ProcessorCount == 1 ? 75 : 15);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    internal static (double Seconds, bool IsSteady) Run(Contestant contestant)
    {
        var started = Stopwatch.GetTimestamp();
        var rates = new Queue<double>();
        var highest = 0.0;
        var withoutGain = 0;
        while (true)
        {
            var rate = Rate(contestant);
            withoutGain = rate > highest ? 0 : withoutGain + 1;
            highest = Math.Max(highest, rate);
            rates.Enqueue(rate);
            if (rates.Count > Windows)
            {
                _ = rates.Dequeue();
            }

            var elapsed = Stopwatch.GetElapsedTime(started);
            var isSteady = withoutGain >= WindowsWithoutGain || (rates.Count == Windows && rates.Max() - rates.Min() <= Tolerance * rates.Max());
            if ((isSteady && elapsed >= AtLeast) || elapsed >= Limit)
            {
                return (elapsed.TotalSeconds, isSteady);
            }
        }
    }

    private static double Rate(Contestant contestant)
    {
        var started = Stopwatch.GetTimestamp();
        var runs = 0;
        while (Stopwatch.GetElapsedTime(started) < Window)
        {
            _ = contestant.Run();
            runs++;
        }

        return runs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
