using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Tests.Driving;

public sealed class AudienceTests
{
    private static Workload FanOut(int subscribers, double seconds) => WorkloadPresets.Find("fanout-1k")! with
    {
        Audience = new Audience { Uri = "sample://changing", Count = subscribers },
        Pause = TimeSpan.Zero,
        Stages = Runs.Closed(1, seconds).Stages,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_is_done_when_every_subscriber_has_heard(bool isSessionEra)
    {
        await using var server = await FixtureServer.StartAsync();
        server.IsSessionEra = isSessionEra;
        var result = await Runs.RunAsync(server, FanOut(50, 1));
        Assert.Equal((50, server.Calls, 0), (server.Subscriptions, result.Succeeded, result.Failed));
        Assert.Equal(result.Succeeded * 50, result.Deliveries!.Count);

        // The last one decides.
        Assert.True(result.Response.Max >= result.Deliveries.P50);
    }

    [Fact]
    public async Task A_subscriber_that_never_hears_is_told()
    {
        await using var server = await FixtureServer.StartAsync();
        server.Forgotten = 1;
        var result = await Runs.RunAsync(server, FanOut(5, 0.5), Runs.Options with { CallTimeout = TimeSpan.FromSeconds(2) });
        Assert.Equal(0, result.Succeeded);
        Assert.Equal([nameof(LoadError.Timeout)], result.Errors.Keys);
        Assert.Contains("only 4 of 5 subscribers", result.ErrorExamples[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_has_one_listener_and_that_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "measuring a command needs Linux");
        var exception = await Assert.ThrowsAsync<LoadException>(() => LoadRunner.RunAsync(Runs.Process("--session"), FanOut(5, 1) with { Operations = Runs.Closed(1, 1).Operations }, Runs.Options));
        Assert.Contains("needs a server with a URL", exception.Message, StringComparison.Ordinal);
    }
}
