using System.Diagnostics;
using Peregrine.Execution.Scheduling;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>More calls than can be served.</summary>
[Trait("Category", "Slow")]
[Collection(nameof(Allocation.MeasuredAlone))]
public sealed class OverloadTests
{
    private const int Slots = 8;
    private const int MostAtOnce = 3;
    private const int Tries = 3;

    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// At twice the rate that can be served, calls that are accepted take at most twice as long as alone, and the rest is refused at once. A busy machine adds delays of its own to either run; a server
    /// that lets calls wait fails every try, for nothing makes them too quick.
    /// </summary>
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task AtTwiceTheRateAcceptedCallsKeepTheirTime(Front front)
    {
        var server = Server(static options => options);
        await using var caller = await Caller.StartAsync(server, front);

        List<string> tries = [];
        while (tries.Count < Tries)
        {
            // A quarter of what can be served: what the machine adds is in both.
            var alone = await RunAsync(caller, TimeSpan.FromSeconds(5), Slots / ServiceTime.TotalSeconds / 4);
            var twice = await RunAsync(caller, TimeSpan.FromSeconds(6), 2 * Slots / ServiceTime.TotalSeconds);

            tries.Add($"alone P99 {Percentile(alone.Accepted):0.0} ms of {alone.Accepted.Count}; twice P99 {Percentile(twice.Accepted):0.0} ms of {twice.Accepted.Count}, refused {twice.Refused}");
            TestContext.Current.TestOutputHelper?.WriteLine(tries[^1]);
            Assert.Equal(0, alone.Refused);
            Assert.InRange((double)twice.Refused / (twice.Refused + twice.Accepted.Count), 0.2, 0.8);
            if (Percentile(twice.Accepted) <= 2 * Percentile(alone.Accepted))
            {
                return;
            }
        }

        Assert.Fail(string.Join("; ", tries));
    }

    /// <summary>A load that goes from one to ten and back, with limits that adapt: no call that was accepted fails.</summary>
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task NoAcceptedCallFailsWhileTheLoadVariesOneToTen(Front front)
    {
        var server = Server(static options => options with { AdaptToLatency = true, AdaptToLoad = true, MaxConcurrentCalls = 64, MaxQueuedCalls = 64 });
        await using var caller = await Caller.StartAsync(server, front);
        var accepted = 0;
        foreach (var rate in (int[])[20, 200, 20, 200, 20])
        {
            accepted += (await RunAsync(caller, TimeSpan.FromSeconds(1.5), rate)).Accepted.Count;
        }

        Assert.True(accepted > 100);
        Assert.Equal(0, server.Limits.Running);
        Assert.Equal(accepted, server.Limits.Admitted);
    }

    private static PeregrineServer Server(Func<SchedulingOptions, SchedulingOptions> change) => PeregrineServer.CreateBuilder("t", "1")
        .Add(CallTool.Named("work"), static async call =>
        {
            await Task.Delay(ServiceTime, call.CancellationToken);
            call.ReturnText("done");
        }).Configure(options => options with { Scheduling = change(new SchedulingOptions { MaxConcurrentCalls = Slots }) }).Build();

    private static async Task<(List<double> Accepted, int Refused)> RunAsync(Caller caller, TimeSpan time, double perSecond)
    {
        List<Task<(double Milliseconds, int Code)>> calls = [];
        var missed = 0;
        var clock = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (clock.Elapsed < time && await tick.WaitForNextTickAsync())
        {
            // What this machine was too busy to send in its time is left out: all of it at once would be another load.
            missed = Math.Max(missed, (int)(clock.Elapsed.TotalSeconds * perSecond) - calls.Count - MostAtOnce);
            while (calls.Count + missed < clock.Elapsed.TotalSeconds * perSecond)
            {
                calls.Add(MeasureAsync(caller));
            }
        }

        var ended = await Task.WhenAll(calls);
        Assert.All(ended, static call => Assert.True(call.Code is 0 or 4001, $"{call.Code}"));
        return (ended.Where(static call => call.Code == 0).Select(static call => call.Milliseconds).Order().ToList(), ended.Count(static call => call.Code == 4001));
    }

    private static async Task<(double Milliseconds, int Code)> MeasureAsync(Caller caller)
    {
        var began = Stopwatch.GetTimestamp();
        var reply = await caller.CallAsync("work");
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, reply.Code);
    }

    private static double Percentile(List<double> sorted) => sorted[(int)(sorted.Count * 0.99)];
}
