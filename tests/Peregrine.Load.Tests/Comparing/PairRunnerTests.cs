using Peregrine.Load.Comparing;
using Peregrine.Load.Driving;

namespace Peregrine.Load.Tests.Comparing;

public sealed class PairRunnerTests
{
    [Fact]
    public async Task Two_servers_are_measured_in_turn_and_the_slower_is_seen()
    {
        await using var slow = await FixtureServer.StartAsync();
        await using var quick = await FixtureServer.StartAsync();
        slow.Misbehave = static async (_, _, _, _) =>
        {
            await Task.Delay(20);
            return false;
        };
        var series = await PairRunner.RunAsync(
            new PairPlan
            {
                First = new LoadTarget { Endpoint = slow.Url },
                Second = new LoadTarget { Endpoint = quick.Url },
                Workload = Runs.Closed(2, 1),
                Options = Runs.Options,
                Launches = 2,
                Rounds = 6,
                Window = TimeSpan.FromSeconds(0.2),
            },
            null,
            TestContext.Current.CancellationToken);
        Assert.Equal([6, 6], series.Launches.Select(static launch => launch.Count));
        Assert.Empty(series.Validate());
        var (ratio, low, high) = Comparison.Ratio(series, "p50")!.Value;
        Assert.True(low <= ratio && ratio <= high);
        Assert.True(ratio > 1.5, $"20 ms more a call, and yet only {ratio} times as long");
        Assert.True(Comparison.Difference(series, "p50").Difference > 0);
    }

    [Fact]
    public async Task A_server_that_answers_nothing_well_is_told()
    {
        await using var broken = await FixtureServer.StartAsync();
        broken.Misbehave = static (context, _, _, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        var target = new LoadTarget { Endpoint = broken.Url };
        var exception = await Assert.ThrowsAsync<LoadException>(() => PairRunner.RunAsync(
            new PairPlan { First = target, Second = target, Workload = Runs.Closed(1, 1), Options = Runs.Options, Window = TimeSpan.FromSeconds(0.2) }, null, TestContext.Current.CancellationToken));
        Assert.Contains("answered no call", exception.Message, StringComparison.Ordinal);
    }
}
