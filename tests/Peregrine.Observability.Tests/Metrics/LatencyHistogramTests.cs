using System.Globalization;
using Peregrine.Observability.Metrics;

namespace Peregrine.Observability.Tests.Metrics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Bounds_grow_by_a_tenth_at_most_and_hold_the_promised_ones()
    {
        var labels = LatencyBounds.Labels.ToArray();
        foreach (var promised in (string[])["0.001", "0.01", "0.1", "1", "5", "10"])
        {
            Assert.Contains(promised, labels);
        }

        for (var i = 1; i < LatencyBounds.Count; i++)
        {
            var ratio = decimal.Parse(labels[i], CultureInfo.InvariantCulture) / decimal.Parse(labels[i - 1], CultureInfo.InvariantCulture);
            Assert.InRange(ratio, 1.0001m, 1.1m);
        }
    }

    [Fact]
    public void A_latency_falls_into_the_first_bucket_whose_bound_is_not_below_it()
    {
        for (var i = 0; i < LatencyBounds.Count; i++)
        {
            Assert.Equal(i, LatencyBounds.IndexOf(LatencyBounds.Ticks[i]));
            Assert.Equal(i + 1, LatencyBounds.IndexOf(LatencyBounds.Ticks[i] + 1));
        }

        Assert.Equal(0, LatencyBounds.IndexOf(0));
        Assert.Equal(LatencyBounds.Count, LatencyBounds.IndexOf(long.MaxValue));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Percentiles_are_within_a_tenth_of_those_of_the_sorted_list(int seed)
    {
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        var latencies = new long[1 + random.Next(5000)];
        for (var i = 0; i < latencies.Length; i++)
        {
            // Over all decades of the bounds alike, just above 10 µs to 100 s.
            latencies[i] = 1 + (long)Math.Pow(10, 2 + (7 * random.NextDouble() * 0.9999));
            histogram.Record(TimeSpan.FromTicks(latencies[i]));
        }

        Array.Sort(latencies);
        var snapshot = histogram.Read();
        Assert.Equal(latencies.Length, snapshot.Count);
        Assert.Equal(latencies.Sum(), snapshot.Sum.Ticks);
        foreach (var share in (double[])[0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = latencies[Math.Max(0, (int)Math.Ceiling(share * latencies.Length) - 1)];
            Assert.InRange((double)snapshot.Percentile(share).Ticks / exact, 1 / 1.1002, 1.1002);
        }
    }

    [Fact]
    public async Task Many_threads_lose_no_count()
    {
        var histogram = new LatencyHistogram();
        var counter = new StripedCounter();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                histogram.Record(TimeSpan.FromMicroseconds(worker * 100));
                counter.Increment();
            }
        })));

        Assert.Equal(160_000, histogram.Read().Count);
        Assert.Equal(160_000, histogram.Count);
        Assert.Equal(160_000, counter.Value);
    }

    [Fact]
    public void Recording_a_call_allocates_nothing()
    {
        var meter = new RequestMeter("upstream", "tools/call");
        var counter = new StripedCounter();
        meter.Record(RequestOutcome.Ok, TimeSpan.FromMilliseconds(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            meter.Record(RequestOutcome.Ok, TimeSpan.FromTicks(i * 1000));
            counter.Increment();
            counter.Decrement();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_lies_outside_the_bounds_is_given_as_the_bound()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMicroseconds(2));
        Assert.Equal(TimeSpan.FromMicroseconds(10), histogram.Read().Percentile(0.5));
        histogram.Record(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(100), histogram.Read().Percentile(1));
    }

    [Fact]
    public void An_empty_histogram_has_percentile_zero()
    {
        Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Read().Percentile(0.99));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Read().Percentile(1.1));
    }
}
