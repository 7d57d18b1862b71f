using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Resilience;

/// <summary>Against servers that are calculated, not run: so many slots, and a latency that grows in some way where more calls run.</summary>
public sealed class AdaptiveLimitTests
{
    /// <summary>Whatever the number of slots and the way in which latency grows beyond: nearly what the best fixed limit brings.</summary>
    [Theory]
    [InlineData(8, 1.0)]
    [InlineData(8, 1.5)]
    [InlineData(8, 2.0)]
    [InlineData(8, 3.0)]
    [InlineData(1, 2.0)]
    [InlineData(2, 2.0)]
    [InlineData(32, 2.0)]
    [InlineData(100, 2.0)]
    public void It_finds_the_best_by_itself(int slots, double steepness)
    {
        var best = Enumerable.Range(1, 256).Max(limit => Simulate(slots, steepness, new AdaptiveLimitOptions { Min = limit, Max = limit, Initial = limit }).PerSecond);
        var (found, _) = Simulate(slots, steepness, new AdaptiveLimitOptions());
        Assert.True(found >= 0.8 * best, $"{found:0} a second; the best fixed limit brings {best:0}");
    }

    [Fact]
    public void Where_nothing_gets_slower_it_grows_to_the_most()
    {
        var (_, limit) = Simulate(1000, 1, new AdaptiveLimitOptions { Max = 64 });
        Assert.Equal(64, limit.Limit);
    }

    [Fact]
    public void What_was_found_is_found_anew_where_the_server_changes()
    {
        var limit = new AdaptiveLimit(new AdaptiveLimitOptions());
        Run(limit, 32, 2, 20_000);
        Assert.InRange(limit.Limit, 16, 48);
        Run(limit, 8, 2, 20_000);
        Assert.InRange(limit.Limit, 4, 14);
        Run(limit, 32, 2, 20_000);
        Assert.InRange(limit.Limit, 16, 48);
    }

    [Fact]
    public void A_refusal_lowers_it_once_a_window()
    {
        var limit = new AdaptiveLimit(new AdaptiveLimitOptions { Initial = 100 });
        var window = limit.Window;
        limit.RecordOverload(window);
        Assert.Equal(70, limit.Limit);
        limit.RecordOverload(window);
        Assert.Equal(70, limit.Limit);
        limit.RecordOverload(limit.Window);
        Assert.Equal(49, limit.Limit);
    }

    [Fact]
    public void Who_asks_for_little_learns_nothing_about_more()
    {
        var limit = new AdaptiveLimit(new AdaptiveLimitOptions { Initial = 50 });
        for (var i = 0; i < 1000; i++)
        {
            limit.Record(limit.Window, 1, inFlight: 2);
        }

        Assert.InRange(limit.Limit, 1, 50);
    }

    private static (double PerSecond, AdaptiveLimit Limit) Simulate(int slots, double steepness, AdaptiveLimitOptions options)
    {
        var limit = new AdaptiveLimit(options);
        Run(limit, slots, steepness, 2000);
        return (Run(limit, slots, steepness, 10_000), limit);
    }

    // A call takes 10 ms, and (running / slots) ^ steepness times that where more run than there are slots; a tenth more or less by chance. Gives calls a second.
    private static double Run(AdaptiveLimit limit, int slots, double steepness, int calls)
    {
        var random = new SeededRandom(42);
        var running = new PriorityQueue<(double Begin, int Window, int InFlight), double>();
        var now = 0.0;
        var done = 0;
        while (done < calls)
        {
            while (running.Count < limit.Limit)
            {
                var inFlight = running.Count + 1;
                var latency = 10 * Math.Pow(Math.Max(1, inFlight / (double)slots), steepness) * (0.9 + (0.2 * random.NextDouble()));
                running.Enqueue((now, limit.Window, inFlight), now + latency);
            }

            running.TryDequeue(out var call, out now);
            limit.Record(call.Window, now - call.Begin, call.InFlight);
            done++;
        }

        return calls / now * 1000;
    }
}
