using Peregrine.Load.Judging;

namespace Peregrine.Load.Comparing;

/// <summary>What a gate can see through the noise that was measured: puts many tries together from launches that were, and counts verdicts.</summary>
public static class GatePower
{
    /// <summary>Tries the gate.</summary>
    /// <param name="unchanged">Launches of what the baseline is of.</param>
    /// <param name="current">Launches of what is judged; may be the same series.</param>
    /// <param name="metrics">What is compared; one that is over makes a try over.</param>
    /// <param name="baselineLaunches">Launches of a baseline: 1 or more.</param>
    /// <param name="tryLaunches">Launches of a try; where that is unclear, as many again are added, as the gate does.</param>
    /// <param name="tries">How many tries.</param>
    /// <param name="seed">Where chance begins.</param>
    /// <returns>Shares of tries that ended over, and unclear.</returns>
    public static (double Over, double Unclear) Simulate(
        PairSeries unchanged, PairSeries current, IReadOnlyList<Metric> metrics, int baselineLaunches, int tryLaunches, int tries, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(unchanged);
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tries);
        var random = new Random(seed);
        var (over, unclear) = (0, 0);
        for (var i = 0; i < tries; i++)
        {
            var baseline = Draw(unchanged, baselineLaunches, random);
            var one = Draw(current, tryLaunches, random);
            var verdict = Judge(baseline, one, metrics);
            if (verdict == Verdict.Unclear)
            {
                var more = Draw(current, tryLaunches, random);
                verdict = Judge(baseline, one with { Launches = [.. one.Launches, .. more.Launches] }, metrics);
            }

            over += verdict == Verdict.Over ? 1 : 0;
            unclear += verdict == Verdict.Unclear ? 1 : 0;
        }

        return ((double)over / tries, (double)unclear / tries);
    }

    private static PairSeries Draw(PairSeries pool, int count, Random random) =>
        pool with { Launches = [.. Enumerable.Range(0, count).Select(_ => pool.Launches[random.Next(pool.Launches.Count)])] };

    private static Verdict Judge(PairSeries baseline, PairSeries current, IReadOnlyList<Metric> metrics)
    {
        var verdicts = Comparison.Of(baseline, current, metrics).Select(static change => change.Verdict).ToArray();
        return verdicts.Contains(Verdict.Over) ? Verdict.Over : verdicts.Contains(Verdict.Unclear) ? Verdict.Unclear : Verdict.Ok;
    }
}
