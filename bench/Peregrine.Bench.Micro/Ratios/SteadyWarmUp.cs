using System.Diagnostics;
using Peregrine.Bench.Peers.Measuring;

namespace Peregrine.Bench.Micro.Ratios;

/// <summary>Runs a contestant until it does not get faster any more, in windows of a second.</summary>
internal static class SteadyWarmUp
{
    // The official SDK reaches its full speed after about 75 s where it shares one core with its compiler, with plateaus before.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(Environment.ProcessorCount == 1 ? 75 : 15);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    internal static (double Seconds, bool IsSteady) Run(Contestant contestant)
    {
        var started = Stopwatch.GetTimestamp();
        var rates = new SteadyRates();
        while (true)
        {
            var isSteady = rates.Add(Rate(contestant));
            var elapsed = Stopwatch.GetElapsedTime(started);
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
