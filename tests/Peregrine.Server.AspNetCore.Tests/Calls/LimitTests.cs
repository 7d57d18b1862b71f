using Peregrine.Execution.Scheduling;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Limits, deadlines and cancellation, over every front.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task OverTheLimitACallWaitsAndOverTheBoundItIsRefusedAtOnce(Front front)
    {
        using var go = new SemaphoreSlim(0);
        var began = 0;
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("slow") with { MaxConcurrency = 2 }, async call =>
        {
            Interlocked.Increment(ref began);
            await go.WaitAsync(call.CancellationToken);
            call.ReturnText("done");
        }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 3).Select(_ => caller.CallAsync("slow")).ToList();
        await Until(() => server.Limits.Waiting == 1);

        var refused = await caller.CallAsync("slow");

        Assert.Equal(4001, refused.Code);
        Assert.True(refused.Data.GetProperty("retryable").GetBoolean());
        Assert.InRange(refused.Data.GetProperty("retryAfterMs").GetInt64(), 1, 30_000);
        if (front != Front.Duplex)
        {
            Assert.Equal(503, refused.Status);
            Assert.InRange(refused.RetryAfter, 1, 30);
        }

        Assert.Equal(2, Volatile.Read(ref began));
        go.Release(3);
        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal("done", reply.Text));
        Assert.Equal(0, server.Limits.Running);
    }

    [Theory]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task AClientOverItsLimitIsToldSo(Front front)
    {
        using var go = new SemaphoreSlim(0);
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("slow"), async call =>
        {
            await go.WaitAsync(call.CancellationToken);
            call.ReturnText("done");
        }).Configure(static options => options with { Scheduling = new SchedulingOptions { MaxConcurrentCallsPerClient = 1, MaxQueuedCalls = 0 } }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var running = caller.CallAsync("slow");
        await Until(() => server.Limits.Running == 1);

        var refused = await caller.CallAsync("slow");

        Assert.Equal((4001, 429), (refused.Code, refused.Status));
        Assert.InRange(refused.RetryAfter, 1, 30);
        go.Release();
        Assert.Equal("done", (await running).Text);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task ASynchronousToolBeyondItsDeadlineKeepsItsSlotAndIsCounted(Front front)
    {
        var time = new ManualTime();
        using var go = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        McpCallProbe? probe = null;
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("stuck") with { MaxConcurrency = 1, Timeout = TimeSpan.FromSeconds(5) }, call =>
        {
            probe = new McpCallProbe(call.CancellationToken);
            begun.Set();
            go.Wait(TestSite.Patience);
            call.ReturnText("too late");
        }).Configure(options => options with { TimeProvider = time, BlockingThreshold = TimeSpan.FromHours(1) }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var call = caller.CallAsync("stuck");
        Assert.True(begun.Wait(TestSite.Patience));

        time.Advance(TimeSpan.FromSeconds(6));
        var reply = await call;

        Assert.Equal(4002, reply.Code);
        Assert.False(reply.Data.GetProperty("retryable").GetBoolean());
        await Until(() => probe!.Token.IsCancellationRequested);
        Assert.Equal(1, server.Limits.Running);
        var callClass = server.Scheduling.ClassOf(server.Registry.Current.FindTool("stuck"u8)!.Handler)!;
        Assert.Equal((1, 1, 1L), (callClass.Running, callClass.Overdue, callClass.TimedOut));

        go.Set();
        await Until(() => server.Limits.Running == 0);
        Assert.Equal((0, 0), (callClass.Running, callClass.Overdue));
        var next = caller.CallAsync("stuck");
        Assert.Equal("too late", (await next).Text);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task ADeadlineMovesWithProgressUpToACap(Front front)
    {
        var time = new ManualTime();
        var steps = 0;
        var began = false;
        using var step = new SemaphoreSlim(0);
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("long") with { Timeout = TimeSpan.FromSeconds(5) }, async call =>
        {
            Volatile.Write(ref began, true);
            while (true)
            {
                await step.WaitAsync(call.CancellationToken);
                await call.ReportProgressAsync(steps + 1);
                Interlocked.Increment(ref steps);
            }
        }).Configure(options => options with { TimeProvider = time, Scheduling = new SchedulingOptions { MaxCallTime = TimeSpan.FromSeconds(20) } }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var call = caller.CallAsync("long", meta: "\"progressToken\":1");

        // Not when it is counted as running: its time begins a moment later, and the clock must not move before.
        await Until(() => Volatile.Read(ref began));
        for (var i = 1; i <= 4; i++)
        {
            time.Advance(TimeSpan.FromSeconds(4));
            step.Release();
            await Until(() => Volatile.Read(ref steps) == i);
            Assert.False(call.IsCompleted);
        }

        time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(4002, (await call).Code);
        await Until(() => server.Limits.Running == 0);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task CancellationFreesTheSlot(Front front)
    {
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("slow") with { MaxConcurrency = 1 }, static async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }).Add(CallTool.Named("timed") with { MaxConcurrency = 1, Timeout = TimeSpan.FromHours(1) }, static async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }).Build();
        await using var caller = await Caller.StartAsync(server, front);
        foreach (var tool in (string[])["slow", "timed"])
        {
            using var cancelled = new CancellationTokenSource();
            using var waitingCancelled = new CancellationTokenSource();
            var running = caller.CallAsync(tool, cancellationToken: cancelled.Token);
            await Until(() => server.Limits.Running == 1);
            var waiting = caller.CallAsync(tool, cancellationToken: waitingCancelled.Token);
            await Until(() => server.Limits.Waiting == 1);

            await waitingCancelled.CancelAsync();
            await Until(() => server.Limits.Waiting == 0);
            await cancelled.CancelAsync();
            await Until(() => server.Limits.Running == 0);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task ToolsThatComputeHaveALaneOfBoundedWidth(Front front)
    {
        using var go = new ManualResetEventSlim();
        var (now, most) = (0, 0);
        var builder = PeregrineServer.CreateBuilder("t", "1")
            .Configure(static options => options with { Scheduling = new SchedulingOptions { MaxCpuBoundCalls = 2 } });
        foreach (var name in (string[])["a", "b"])
        {
            builder.Add(CallTool.Named(name) with { CpuBound = true }, call =>
            {
                var running = Interlocked.Increment(ref now);
                InterlockedMax(ref most, running);
                go.Wait(TestSite.Patience);
                Interlocked.Decrement(ref now);
                call.ReturnText("done");
            });
        }

        var server = builder.Build();
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 6).Select(i => caller.CallAsync(i % 2 == 0 ? "a" : "b")).ToList();
        await Until(() => Volatile.Read(ref now) == 2 && server.Limits.Waiting == 2);

        // Calls of other kinds are not held up.
        Assert.Equal(4001, (await caller.CallAsync("a")).Code);
        go.Set();

        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal("done", reply.Text));
        Assert.Equal(2, most);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen)
            {
                return;
            }
        }
    }

    private static Task Until(Func<bool> condition) => Waiting.UntilAsync(condition);

    private sealed record McpCallProbe(CancellationToken Token);
}
