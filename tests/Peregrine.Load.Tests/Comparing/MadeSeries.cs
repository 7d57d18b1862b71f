using Peregrine.Load.Comparing;
using Peregrine.Load.Results;

namespace Peregrine.Load.Tests.Comparing;

/// <summary>Series that were not measured, with noise of a known size.</summary>
internal static class MadeSeries
{
    /// <summary>Makes one.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="launches">How many launches.</param>
    /// <param name="rounds">Rounds of each.</param>
    /// <param name="ratio">The true ratio of throughputs.</param>
    /// <param name="between">The scatter of launches, as a share.</param>
    /// <param name="within">The scatter of rounds, as a share.</param>
    public static PairSeries Of(Random random, int launches, int rounds, double ratio, double between, double within) => new()
    {
        SchemaVersion = PairSeries.CurrentSchema,
        Kind = PairSeries.KindName,
        StartedAt = DateTimeOffset.UnixEpoch,
        Workload = new WorkloadData("echo", "0123456789abcdef", "closed", null, 64, []),
        First = new TargetData("one", "stdio", "2025-11-25", "one"),
        Second = new TargetData("floor", "stdio", "2025-11-25", null),
        Environment = EnvironmentData.Current,
        WindowSeconds = 1,
        Launches = [.. Enumerable.Range(0, launches).Select(_ =>
        {
            var launch = ratio * Math.Exp(ComparisonTests.Gaussian(random) * between);
            return (IReadOnlyList<PairRound>)[.. Enumerable.Range(0, rounds).Select(_ =>
            {
                // The machine's mood is that of both sides; only what is left differs.
                var mood = 100_000 * Math.Exp(ComparisonTests.Gaussian(random) * 0.2);
                return new PairRound(Figures(mood * launch * Math.Exp(ComparisonTests.Gaussian(random) * within)), Figures(mood));
            })];
        })],
    };

    private static RoundFigures Figures(double rps) => new(rps, 64e9 / rps, 70e9 / rps, 90e9 / rps, 1e9 / rps, 0, true);
}
