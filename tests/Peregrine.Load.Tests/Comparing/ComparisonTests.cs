using Peregrine.Load.Comparing;
using Peregrine.Load.Judging;
using Peregrine.Load.Results;

namespace Peregrine.Load.Tests.Comparing;

public sealed class ComparisonTests
{
    private static readonly Metric[] Metrics = [Metric.Find("rps")!, Metric.Find("p50")!];

    [Theory]
    [InlineData(1.0, Verdict.Ok)]
    [InlineData(0.96, Verdict.Ok)]
    [InlineData(0.87, Verdict.Over)]
    [InlineData(1.3, Verdict.Ok)]
    public void Runs_are_compared_with_runs(double speed, Verdict verdict)
    {
        var random = new Random(7);
        var changes = Comparison.Of(Some(1, random), Some(speed, random), Metrics);
        Assert.Equal([verdict, verdict], changes.Select(static change => change.Verdict));
        Assert.All(changes, change => Assert.True(change.Low < change.Ratio && change.Ratio < change.High));
        Assert.Equal(speed > 1.1, changes.All(static change => change.IsBetter));
    }

    [Fact]
    public void What_noise_hides_is_unclear_not_fine()
    {
        var random = new Random(3);
        List<LoadResult> noisy = [.. Enumerable.Range(0, 3).Select(_ => MadeResults.Of(1000 * Math.Exp(Gaussian(random) * 0.3), 1_000_000))];
        Assert.Equal(Verdict.Unclear, Comparison.Of(noisy, noisy, [Metrics[0]])[0].Verdict);
    }

    [Fact]
    public void One_run_each_is_judged_by_its_seconds()
    {
        var random = new Random(5);
        var change = Comparison.Of([MadeResults.Of(1000, 1_000_000, noise: random)], [MadeResults.Of(800, 1_000_000, noise: random)], [Metrics[0]])[0];
        Assert.Equal(Verdict.Over, change.Verdict);
        Assert.InRange(change.Ratio, 0.79, 0.81);
    }

    [Fact]
    public void Different_workloads_are_refused() =>
        Assert.Contains("cannot be compared", Assert.Throws<ArgumentException>(() =>
            Comparison.Of([MadeResults.Of(1000, 1000)], [MadeResults.Of(1000, 1000, workload: "fedcba9876543210")], Metrics)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_interval_holds_the_truth_in_95_of_100_cases()
    {
        const int Cases = 2000;
        const double Truth = 0.05;
        var random = new Random(11);
        var held = 0;
        for (var i = 0; i < Cases; i++)
        {
            // Launches differ among themselves, and rounds within them.
            var (difference, half) = Estimate.Between(Estimate.Of(Launches(random, 0, 6)), Estimate.Of(Launches(random, Truth, 4)));
            held += Math.Abs(difference - Truth) <= half ? 1 : 0;
        }

        Assert.InRange((double)held / Cases, 0.94, 0.985);
    }

    [Fact]
    public void Rounds_that_lie_far_out_do_not_move_an_estimate()
    {
        double[] launch = [0.01, -0.01, 0.02, -0.02, 0, 0.01, -0.01, 0.005, 1.5, 0.3];
        Assert.InRange(Estimate.Of([launch]).Mean, -0.01, 0.02);
    }

    [Fact]
    public void A_series_survives_its_file_and_a_damaged_one_is_refused()
    {
        var series = MadeSeries.Of(new Random(1), 3, 8, 0.7, 0.01, 0.02);
        var read = PairSeriesFile.Read(PairSeriesFile.Write(series), out var faults)!;
        Assert.Empty(faults);
        Assert.Equal(series.LogRatios("rps"), read.LogRatios("rps"));
        Assert.Null(PairSeriesFile.Read(PairSeriesFile.Write(series with { Kind = "other", Launches = [] }), out faults));
        Assert.Equal(2, faults.Count);
        Assert.Null(PairSeriesFile.Read("[1"u8, out faults));
        Assert.Single(faults);
    }

    internal static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[][] Launches(Random random, double mean, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (Mean: mean + (Gaussian(random) * 0.02), Random: random))
            .Select(static launch => Enumerable.Range(0, 10).Select(_ => launch.Mean + (Gaussian(launch.Random) * 0.03)).ToArray())];

    private static List<LoadResult> Some(double speed, Random random) =>
        [.. Enumerable.Range(0, 8).Select(_ => Math.Exp(Gaussian(random) * 0.01)).Select(noise => MadeResults.Of(1000 * speed * noise, (long)(1_000_000 / speed / noise)))];
}
