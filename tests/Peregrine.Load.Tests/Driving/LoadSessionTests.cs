using Peregrine.Load.Driving;

namespace Peregrine.Load.Tests.Driving;

public sealed class LoadSessionTests
{
    [Fact]
    public async Task A_session_is_measured_more_than_once_over_the_same_connections()
    {
        await using var server = await FixtureServer.StartAsync();
        var workload = Runs.Closed(4, 0.3);
        await using var session = await LoadSession.OpenAsync(new LoadTarget { Endpoint = server.Url }, workload, Runs.Options with { WarmUp = TimeSpan.FromSeconds(0.2) }, TestContext.Current.CancellationToken);
        await session.WarmUpAsync(null, TestContext.Current.CancellationToken);
        var before = server.Calls;
        for (var i = 0; i < 3; i++)
        {
            var result = await session.MeasureAsync(workload.Stages, null, TestContext.Current.CancellationToken);
            Runs.AssertConsistent(result);
            Assert.Equal((server.Calls - before, 0, 0), (result.Succeeded, result.Failed, result.Traffic.Connections));
            before = server.Calls;
        }
    }

    [Fact]
    public async Task The_revision_that_is_asked_for_is_spoken()
    {
        await using var server = await FixtureServer.StartAsync();
        server.IsSessionEra = true;
        var result = await Runs.RunAsync(server, Runs.Closed(1, 0.2), Runs.Options with { ProtocolVersion = "2025-11-25" });
        Assert.Equal("2025-06-18", result.Target.ProtocolVersion);
        var exception = await Assert.ThrowsAsync<LoadException>(() => Runs.RunAsync(server, Runs.Closed(1, 0.2), Runs.Options with { ProtocolVersion = "2026-07-28" }));
        Assert.Contains("does not speak 2026-07-28", exception.Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Runs.RunAsync(server, Runs.Closed(1, 0.2), Runs.Options with { ProtocolVersion = "1999-01-01" }));
        Assert.Contains("1999-01-01", refused.Message, StringComparison.Ordinal);
    }
}
