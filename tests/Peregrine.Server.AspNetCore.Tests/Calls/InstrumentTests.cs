using Peregrine.Execution.Instruments;
using Peregrine.Observability.Metrics;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>What is known of single calls, over every front.</summary>
public sealed class InstrumentTests
{
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task CallsThatRunAndHaveEndedAreThere(Front front)
    {
        using var go = new SemaphoreSlim(0);
        var server = Server(go, new ManualTime(), new InstrumentOptions { RecordCalls = true, RecentCalls = 3 });
        await using var caller = await Caller.StartAsync(server, front);
        var running = caller.CallAsync("slow");
        await Waiting.UntilAsync(() => server.Instruments.Active.Count == 1);

        var active = Assert.Single(server.Instruments.Active);
        Assert.Equal(("tools/call", "slow", null), (active.Method, active.Name, active.Outcome));
        go.Release();
        await running;
        for (var i = 0; i < 3; i++)
        {
            await caller.CallAsync("fails");
        }

        await Waiting.UntilAsync(() => server.Instruments.Active.Count == 0);
        Assert.Equal(["fails", "fails", "fails"], server.Instruments.Recent.Select(static call => call.Name));
        Assert.All(server.Instruments.Recent, static call => Assert.Equal(RequestOutcome.ToolError, call.Outcome));
        Assert.True(server.Instruments.Recent[0].Number > server.Instruments.Recent[2].Number);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task TheSnapshotIsSwappedOnceASecondAndTotalsAreExact(Front front)
    {
        using var go = new SemaphoreSlim(1000);
        var time = new ManualTime();
        var server = Server(go, time, new InstrumentOptions { RecordCalls = true });
        await using var caller = await Caller.StartAsync(server, front);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => caller.CallAsync(i % 4 == 0 ? "fails" : "slow")));
        await Waiting.UntilAsync(() => server.Instruments.Active.Count == 0);
        var before = server.Instruments.Current;
        Assert.Equal(0, before.Ended);

        time.Advance(TimeSpan.FromSeconds(1));

        var snapshot = server.Instruments.Current;
        Assert.NotSame(before, snapshot);
        Assert.Equal((200L, 200L, 150L, 50L, 200.0),
            (snapshot.Begun, snapshot.Ended, snapshot.Count(RequestOutcome.Ok), snapshot.Count(RequestOutcome.ToolError), snapshot.CallsPerSecond));

        server.Switches["call-records"].TurnOff();
        await caller.CallAsync("slow");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(snapshot, server.Instruments.Current);
    }

    [Fact]
    public async Task SlowCallsAreLogged()
    {
        using var go = new SemaphoreSlim(0);
        var time = new ManualTime();
        var log = new LogRecords();
        using var loggers = new Microsoft.Extensions.Logging.LoggerFactory([log]);
        var server = Server(go, time, new InstrumentOptions { RecordCalls = true, SlowCall = TimeSpan.FromSeconds(2) }, loggers);
        await using var caller = await Caller.StartAsync(server, Front.Duplex);
        var running = caller.CallAsync("slow");
        await Waiting.UntilAsync(() => server.Instruments.Active.Count == 1);
        time.Advance(TimeSpan.FromSeconds(3));
        go.Release();
        await running;
        await caller.CallAsync("fails");

        await Waiting.UntilAsync(() => server.Instruments.Active.Count == 0);
        Assert.StartsWith("SlowCall: tools/call slow took 3000 ms", Assert.Single(log.All), StringComparison.Ordinal);
    }

    private static PeregrineServer Server(SemaphoreSlim go, ManualTime time, InstrumentOptions instruments, Microsoft.Extensions.Logging.ILoggerFactory? loggers = null)
    {
        var builder = PeregrineServer.CreateBuilder("t", "1")
            .Add(CallTool.Named("slow"), async call =>
            {
                await go.WaitAsync(call.CancellationToken);
                call.ReturnText("done");
            })
            .Add(CallTool.Named("fails"), static call => call.ReturnToolError("no"))
            .Configure(options => options with { TimeProvider = time, Instruments = instruments, BlockingThreshold = TimeSpan.FromHours(1) });
        return (loggers is null ? builder : builder.UseLogging(loggers)).Build();
    }
}
