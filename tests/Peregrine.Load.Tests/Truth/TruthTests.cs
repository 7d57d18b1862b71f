using Peregrine.Load.Driving;
using Peregrine.Load.Results;

namespace Peregrine.Load.Tests.Truth;

/// <summary>What the generator says must be what happened, where what happened is known otherwise.</summary>
public sealed class TruthTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // Calls are due evenly, so that the share that waits for more than t is (stall - t) / period: one of 100 waits for stall - period / 100.
    private static readonly double ImpliedP99 = (Stall - (Period / 100)).TotalMilliseconds;

    [Fact]
    public Task An_open_loop_tells_the_stall_as_the_schedule_implies_it() => TellAsync(Stall, Period, rate: 500, seconds: 3);

    [Fact]
    [Trait("Category", "Slow")]
    public Task A_second_in_ten_at_a_thousand_calls_a_second() => TellAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), rate: 1000, seconds: 10);

    private static async Task TellAsync(TimeSpan stall, TimeSpan period, int rate, int seconds)
    {
        // A busy machine adds delays of its own; one run of several without them is proof enough, for nothing makes latencies too short.
        const int Tries = 5;
        var implied = (stall - (period / 100)).TotalMilliseconds;
        var found = new List<double>();
        for (var i = 0; i < Tries; i++)
        {
            await using var server = await FixtureServer.StartAsync();
            server.Stall(stall, period);
            var result = await Runs.RunAsync(server, Runs.Open(rate, seconds), Runs.Options with { MaxInFlight = 4000 });
            Assert.Equal((rate * seconds, 0), (result.Succeeded, result.Failed));
            var p99 = result.Response.P99 / 1e6;
            Assert.True(p99 > implied * 0.95, $"P99 of {p99} ms hides a stall that implies {implied} ms");
            found.Add(p99);
            if (p99 < implied * 1.05)
            {
                return;
            }
        }

        Assert.Fail($"P99 of {string.Join(", ", found)} ms, implied are {implied} ms");
    }

    [Fact]
    public async Task A_closed_loop_says_that_its_figure_is_service_time()
    {
        await using var server = await FixtureServer.StartAsync();
        server.Stall(Stall, Period);
        var result = await Runs.RunAsync(server, Runs.Closed(2, 2));
        Assert.Equal(LoadResult.ServiceTime, result.LatencyIs);
        Assert.Equal("closed", result.Workload.Loop);

        // The very reason why it must say so: hardly any call met the stall.
        Assert.True(result.Response.P99 / 1e6 < ImpliedP99, "the fixture does not stall as it should");
    }

    [Fact]
    public async Task Calls_that_wait_for_a_connection_count_from_when_they_were_due()
    {
        await using var server = await FixtureServer.StartAsync();
        server.Misbehave = async (_, _, _, _) =>
        {
            await Task.Delay(50);
            return false;
        };
        var result = await Runs.RunAsync(server, Runs.Open(40, 1), Runs.Options with { MaxInFlight = 1 });
        Assert.Equal(40, result.Succeeded);

        // 40 calls of 50 ms one after another: the last one is due at 975 ms and begins after 1,950 ms at the earliest.
        Assert.True(result.Response.Max > 900_000_000, "the wait was left out");
        Assert.True(result.Service.P50 < result.Response.P50);
    }

    [Fact]
    public async Task A_run_that_the_generator_limited_is_marked_invalid()
    {
        await using var server = await FixtureServer.StartAsync();
        var result = await Runs.RunAsync(server, Runs.Closed(32, 1), Runs.Options with { MaxBusy = 0.000001 });
        Assert.False(result.Generator.IsValid);
        Assert.Contains("bottleneck", Assert.Single(result.Generator.Faults), StringComparison.Ordinal);
        Assert.False(result.IsFine);
    }

    [Fact]
    public async Task A_generator_that_is_late_is_marked_invalid()
    {
        await using var server = await FixtureServer.StartAsync();

        // More than any generator can keep: it must be late, and say so.
        var result = await Runs.RunAsync(server, Runs.Open(200_000, 0.05), Runs.Options with { MaxLag = TimeSpan.FromMicroseconds(50), MaxInFlight = 50 });
        Assert.False(result.Generator.IsValid);
        Assert.Contains(result.Generator.Faults, static fault => fault.Contains("after it was due", StringComparison.Ordinal));
    }
}
