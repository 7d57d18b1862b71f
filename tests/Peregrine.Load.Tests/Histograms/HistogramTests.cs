using FsCheck;
using FsCheck.Fluent;
using Peregrine.Load.Histograms;

namespace Peregrine.Load.Tests.Histograms;

public sealed class HistogramTests
{
    private static readonly double[] Shares = [0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1];

    [Fact]
    public void Quantiles_are_within_a_thousandth_of_the_exact_ones() =>
        Prop.ForAll(Values().ArrayOf().Where(static values => values.Length > 0).ToArbitrary(), static values =>
        {
            var histogram = Of(values);
            Array.Sort(values);
            return Shares.All(share => IsNear(Exact(values, share), histogram.Quantile(share))) && histogram.Min == values[0] && histogram.Max == values[^1];
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merging_is_the_same_as_recording_everything_in_one() =>
        Prop.ForAll(Values().ArrayOf().ToArbitrary(), Values().ArrayOf().ToArbitrary(), static (some, others) =>
        {
            var merged = Of(some);
            merged.Merge(Of(others));
            return AreEqual(merged, Of([.. some, .. others]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_compact_form_gives_all_back() =>
        Prop.ForAll(Values().ArrayOf().ToArbitrary(), static values =>
        {
            var histogram = Of(values);
            return AreEqual(Histogram.FromCompact(histogram.ToCompact()), histogram);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_bucket_is_found_by_its_values_and_is_narrow()
    {
        for (var i = 0; i < Histogram.BucketCount; i++)
        {
            var lowest = Histogram.LowestOf(i);
            Assert.Equal(i, Histogram.IndexOf(lowest));
            Assert.Equal(i, Histogram.IndexOf(Histogram.MiddleOf(i)));
            if (i > 0)
            {
                Assert.Equal(i - 1, Histogram.IndexOf(lowest - 1));
                Assert.True(lowest - Histogram.LowestOf(i - 1) <= Math.Max(1, lowest / 1000.0), $"bucket {i} is too wide");
            }
        }

        Assert.Equal(Histogram.BucketCount - 1, Histogram.IndexOf(Histogram.MaxValue));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void An_exponential_distribution_comes_out_within_a_hundredth(double share)
    {
        const double Mean = 250_000;
        const int Count = 1_000_000;
        var histogram = new Histogram();
        for (var i = 0; i < Count; i++)
        {
            // The distribution itself, not a sample of it: its values at evenly spaced shares.
            histogram.Record((long)(-Mean * Math.Log(1 - ((i + 0.5) / Count))));
        }

        var exact = -Mean * Math.Log(1 - share);
        Assert.InRange(histogram.Quantile(share), exact * 0.99, exact * 1.01);
        Assert.InRange(histogram.Mean, Mean * 0.99, Mean * 1.01);
        Assert.InRange(histogram.ShareUpTo((long)exact), share - 0.001, share + 0.001);
    }

    [Fact]
    public void What_is_out_of_range_counts_as_the_nearest_that_is_in_it()
    {
        var histogram = Of([-5, long.MaxValue]);
        Assert.Equal((2, 0, Histogram.MaxValue), (histogram.Count, histogram.Min, histogram.Max));
    }

    [Fact]
    public void Nothing_recorded_is_zero_everywhere_also_after_clearing()
    {
        var histogram = Of([1, 1000, 1_000_000]);
        histogram.Clear();
        Assert.True(AreEqual(histogram, new Histogram()));
        Assert.Equal((0, 0, 0, 0d), (histogram.Quantile(0.99), histogram.Min, histogram.Max, histogram.Mean));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AQ==")]
    [InlineData("AgAAAAAAAAAAAAA=")]
    [InlineData("AQEBAAAAAAAAAAD/////////fwE=")]
    [InlineData("AQECAAAAAAAA8D8B//////////9/AP//////////fw==")]
    public void What_is_no_histogram_is_refused(string text) => Assert.Throws<FormatException>(() => Histogram.FromCompact(text));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_of_0_to_1_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Histogram().Quantile(share));

    private static Gen<long> Values() => Gen.Choose(0, 44).SelectMany(static bits => Gen.Choose(0, int.MaxValue).Select(low => Math.Min((1L << bits) + (low % Math.Max(1L, 1L << bits)), Histogram.MaxValue)));

    private static Histogram Of(long[] values)
    {
        var histogram = new Histogram();
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }

    private static long Exact(long[] sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling((share * sorted.Length) - 1e-7), 1, sorted.Length) - 1];

    private static bool IsNear(long exact, long found) => Math.Abs(found - exact) <= exact / 1000.0;

    private static bool AreEqual(Histogram one, Histogram other) =>
        one.Counts.SequenceEqual(other.Counts) && (one.Count, one.Min, one.Max) == (other.Count, other.Min, other.Max) && Math.Abs(one.Mean - other.Mean) <= one.Mean * 1e-9;
}
