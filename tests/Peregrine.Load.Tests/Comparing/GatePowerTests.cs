using Peregrine.Load.Comparing;
using Peregrine.Load.Judging;

namespace Peregrine.Load.Tests.Comparing;

/// <summary>The gate must find a slowdown of 15 % and let the unchanged pass, each in 99 of 100 tries.</summary>
public sealed class GatePowerTests
{
    private const int Tries = 3000;
    private static readonly Metric[] Metrics = [Metric.Find("rps")!, Metric.Find("p50")!];

    [Theory]
    [InlineData(0.005, 0.02)]
    [InlineData(0.015, 0.05)]
    public void Through_noise_of_a_known_size(double between, double within)
    {
        var random = new Random(17);
        var unchanged = MadeSeries.Of(random, 200, 8, 0.7, between, within);
        var slowed = MadeSeries.Of(random, 200, 8, 0.7 / 1.15, between, within);
        Judge(unchanged, slowed);
    }

    [Fact]
    public void Noise_that_hides_a_slowdown_is_called_unclear()
    {
        var random = new Random(19);
        var noisy = MadeSeries.Of(random, 200, 8, 0.7, 0.15, 0.2);
        var (over, unclear) = GatePower.Simulate(noisy, noisy, Metrics, 10, 3, Tries);
        Assert.True(unclear > 0.5, $"{unclear:P1} unclear");
        Assert.True(over < 0.1, $"{over:P1} over");
    }

    [Fact]
    public void Through_the_noise_that_was_measured()
    {
        var unchanged = Read("gate-power-unchanged.json");
        var slowed = Read("gate-power-slowed.json");
        var (before, after) = (Comparison.Ratio(unchanged, "rps")!.Value.Ratio, Comparison.Ratio(slowed, "rps")!.Value.Ratio);
        Assert.InRange(before / after, 1.13, 1.19);
        Judge(unchanged, slowed);
    }

    private static void Judge(PairSeries unchanged, PairSeries slowed)
    {
        var found = GatePower.Simulate(unchanged, slowed, Metrics, 10, 3, Tries);
        Assert.True(found.Over >= 0.99, $"found in {found.Over:P2} of all tries, unclear in {found.Unclear:P2}");
        var passed = GatePower.Simulate(unchanged, unchanged, Metrics, 10, 3, Tries);
        Assert.True(passed.Over <= 0.01, $"a false alarm in {passed.Over:P2} of all tries");
    }

    private static PairSeries Read(string name)
    {
        var file = Repository.File("bench", "results", name);
        Assert.SkipUnless(File.Exists(file), $"{file} was not measured yet: bench/Peregrine.Bench.Generator, power measure");
        var series = PairSeriesFile.Read(File.ReadAllBytes(file), out var faults);
        Assert.Empty(faults);
        return series!;
    }
}
