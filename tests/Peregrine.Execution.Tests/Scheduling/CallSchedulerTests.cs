using Peregrine.Execution.Scheduling;

namespace Peregrine.Execution.Tests.Scheduling;

public sealed class CallSchedulerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task TheWholeIsLimited()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 2, MaxQueuedCalls = 1 }, _time);
        var tool = CallScheduler.CreateClass("t");
        var first = await scheduler.EnterAsync(tool, "a");
        var second = await scheduler.EnterAsync(tool, "a");
        var third = scheduler.EnterAsync(tool, "a").AsTask();
        var fourth = await scheduler.EnterAsync(tool, "a");

        Assert.True(first.IsAdmitted && second.IsAdmitted);
        Assert.False(third.IsCompleted);
        Assert.Equal(RefusalReason.Overall, fourth.Refusal);
        Assert.Equal((2, 1), (scheduler.Running, scheduler.Waiting));

        scheduler.Leave(first);
        Assert.True((await third.WaitAsync(Patience)).IsAdmitted);
        scheduler.Leave(second);
        scheduler.Leave(await third);
        Assert.Equal((0, 0, 3L, 1L), (scheduler.Running, scheduler.Waiting, scheduler.Admitted, scheduler.Refused));
    }

    [Fact]
    public async Task EachClassIsLimited()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions(), _time);
        var one = CallScheduler.CreateClass("one", limit: 1, maxQueued: 0);
        var other = CallScheduler.CreateClass("other", limit: 1);
        var admitted = await scheduler.EnterAsync(one, "a");

        Assert.Equal(RefusalReason.Class, (await scheduler.EnterAsync(one, "a")).Refusal);
        Assert.True((await scheduler.EnterAsync(other, "a")).IsAdmitted);
        scheduler.Leave(admitted);
        Assert.True((await scheduler.EnterAsync(one, "a")).IsAdmitted);
        Assert.Equal((2L, 1L), (one.Admitted, one.Refused));
    }

    [Fact]
    public async Task EachClientIsLimited()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCallsPerClient = 1, MaxQueuedCalls = 0 }, _time);
        var tool = CallScheduler.CreateClass("t");
        var admitted = await scheduler.EnterAsync(tool, "a");

        Assert.Equal(RefusalReason.Client, (await scheduler.EnterAsync(tool, "a")).Refusal);
        Assert.True((await scheduler.EnterAsync(tool, "b")).IsAdmitted);
        scheduler.Leave(admitted);
        Assert.True((await scheduler.EnterAsync(tool, "a")).IsAdmitted);
    }

    [Fact]
    public async Task ClientsTakeTurns()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 100 }, _time);
        var tool = CallScheduler.CreateClass("t");
        var running = await scheduler.EnterAsync(tool, "a");
        List<(string Client, Task<CallAdmission> Waiting)> waiting = [];
        foreach (var client in (string[])["a", "a", "a", "a", "b", "b", "c"])
        {
            waiting.Add((client, scheduler.EnterAsync(tool, client).AsTask()));
        }

        var order = "";
        while (waiting.Count > 0)
        {
            scheduler.Leave(running);
            var index = await FirstAdmitted(waiting);
            order += waiting[index].Client;
            running = await waiting[index].Waiting;
            waiting.RemoveAt(index);
        }

        Assert.Equal("abcabaa", order);
    }

    [Fact]
    public async Task AClientWithLessWaitingTakesThePlaceOfOneWithMost()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 4 }, _time);
        var tool = CallScheduler.CreateClass("t");
        await scheduler.EnterAsync(tool, "a");
        var flood = Enumerable.Range(0, 4).Select(_ => scheduler.EnterAsync(tool, "a").AsTask()).ToArray();

        var other = scheduler.EnterAsync(tool, "b").AsTask();

        Assert.Equal(RefusalReason.Client, (await flood[3].WaitAsync(Patience)).Refusal);
        Assert.False(other.IsCompleted);
        Assert.Equal(4, scheduler.Waiting);
        Assert.False((await scheduler.EnterAsync(tool, "a")).IsAdmitted);
    }

    [Fact]
    public async Task QuickCallsGoFirstAndSlowOnesDoNotStarve()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 100 }, _time);
        var (fast, slow) = (CallScheduler.CreateClass("f", CallTier.Fast), CallScheduler.CreateClass("s", CallTier.Slow));
        var running = await scheduler.EnterAsync(fast, "a");
        List<(string Client, Task<CallAdmission> Waiting)> waiting = [("s", scheduler.EnterAsync(slow, "a").AsTask())];
        waiting.AddRange(Enumerable.Range(0, 12).Select(_ => ("f", scheduler.EnterAsync(fast, "a").AsTask())));

        var order = "";
        while (waiting.Count > 0)
        {
            scheduler.Leave(running);
            var index = await FirstAdmitted(waiting);
            order += waiting[index].Client;
            running = await waiting[index].Waiting;
            waiting.RemoveAt(index);
        }

        Assert.Equal("ffffffffsffff", order);
    }

    [Fact]
    public async Task AWaitingCallThatIsCancelledFreesItsPlace()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 1 }, _time);
        using var source = new CancellationTokenSource();
        var tool = CallScheduler.CreateClass("t");
        var running = await scheduler.EnterAsync(tool, "a");
        var waiting = scheduler.EnterAsync(tool, "a", source.Token).AsTask();

        await source.CancelAsync();

        Assert.Equal(RefusalReason.Cancelled, (await waiting.WaitAsync(Patience)).Refusal);
        var next = scheduler.EnterAsync(tool, "a").AsTask();
        scheduler.Leave(running);
        Assert.True((await next.WaitAsync(Patience)).IsAdmitted);
        Assert.Equal(0, scheduler.Refused);
    }

    [Fact]
    public async Task ACallDoesNotWaitForEver()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 1, MaxQueueTime = TimeSpan.FromSeconds(2) }, _time);
        var tool = CallScheduler.CreateClass("t");
        await scheduler.EnterAsync(tool, "a");
        var waiting = scheduler.EnterAsync(tool, "a").AsTask();

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(RefusalReason.QueueTime, (await waiting.WaitAsync(Patience)).Refusal);
        Assert.Equal(0, scheduler.Waiting);
    }

    [Fact]
    public async Task ARefusalSaysWhenToTryAgain()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 0 }, _time);
        var tool = CallScheduler.CreateClass("t");
        var running = await scheduler.EnterAsync(tool, "a");
        _time.Advance(TimeSpan.FromSeconds(3));
        scheduler.Leave(running);
        await scheduler.EnterAsync(tool, "a");

        Assert.Equal(TimeSpan.FromSeconds(3), (await scheduler.EnterAsync(tool, "a")).RetryAfter);
    }

    [Fact]
    public async Task ACallThatTimedOutKeepsItsSlotAndIsCounted()
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 1, MaxQueuedCalls = 0 }, _time);
        var tool = CallScheduler.CreateClass("t");
        var running = await scheduler.EnterAsync(tool, "a");

        CallScheduler.NoteTimedOut(running);

        Assert.Equal((1, 1, 1L), (tool.Running, tool.Overdue, tool.TimedOut));
        Assert.False((await scheduler.EnterAsync(tool, "a")).IsAdmitted);
        scheduler.LeaveLate(running);
        Assert.Equal((0, 0, 1L), (tool.Running, tool.Overdue, tool.TimedOut));
        Assert.True((await scheduler.EnterAsync(tool, "a")).IsAdmitted);
    }

    [Fact]
    public void FaultyOptionsAreAllNamed()
    {
        var options = new SchedulingOptions { MaxConcurrentCalls = 0, MaxQueuedCalls = -1, MaxQueueTime = TimeSpan.Zero, GrowBelowCpuPercent = 90, AdaptToLoad = true };

        var fault = Assert.Throws<ArgumentException>(() => new CallScheduler(options, _time));
        foreach (var name in (string[])["MaxConcurrentCalls", "MaxQueuedCalls", "MaxQueueTime", "GrowBelowCpuPercent"])
        {
            Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<int> FirstAdmitted(List<(string Client, Task<CallAdmission> Waiting)> waiting)
    {
        var admitted = await Task.WhenAny(waiting.Select(static one => one.Waiting)).WaitAsync(Patience);
        return waiting.FindIndex(one => one.Waiting == admitted);
    }
}
