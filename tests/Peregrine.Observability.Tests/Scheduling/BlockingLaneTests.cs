using Peregrine.Observability.Scheduling;

namespace Peregrine.Observability.Tests.Scheduling;

public sealed class BlockingLaneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_lane_runs_as_many_pieces_at_once_as_it_may_and_no_more()
    {
        var lane = ThreadPoolScheduler.Instance.CreateLane("test lane", 3);
        using var gate = new ManualResetEventSlim();
        using var begun = new CountdownEvent(3);
        using var ended = new CountdownEvent(7);
        var running = 0;
        var most = 0;
        for (var i = 0; i < 7; i++)
        {
            lane.Schedule(new Work(() =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (begun.CurrentCount > 0)
                {
                    begun.Signal();
                }

                gate.Wait(Patience);
                Interlocked.Decrement(ref running);
                ended.Signal();
            }));
        }

        await Task.Run(() => Assert.True(begun.Wait(Patience)));
        Assert.Equal(3, Volatile.Read(ref running));
        gate.Set();
        await Task.Run(() => Assert.True(ended.Wait(Patience)));
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_lane_of_one_keeps_the_order_and_its_thread()
    {
        var lane = ThreadPoolScheduler.Instance.CreateLane("ordered lane", 1);
        List<(int Number, int Thread, string? Name)> seen = [];
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            lane.Schedule(new Work(() =>
            {
                seen.Add((number, Environment.CurrentManagedThreadId, Thread.CurrentThread.Name));
                if (number == 99)
                {
                    done.SetResult();
                }
            }));
        }

        await done.Task.WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 100), seen.Select(static s => s.Number));
        Assert.Single(seen.Select(static s => s.Thread).Distinct());
        Assert.Equal("ordered lane", seen[0].Name);
    }

    [Fact]
    public void A_lane_without_threads_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadPoolScheduler.Instance.CreateLane("none", 0));

    [Fact]
    public async Task Blocked_lanes_do_not_keep_shared_workers_from_running()
    {
        var lane = ThreadPoolScheduler.Instance.CreateLane("blocked lane", 64);
        using var gate = new ManualResetEventSlim();
        for (var i = 0; i < 64; i++)
        {
            lane.Schedule(new Work(() => gate.Wait(Patience)));
        }

        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPoolScheduler.Instance.Schedule(new Work(ran.SetResult));
        await ran.Task.WaitAsync(Patience);
        gate.Set();
    }

    [Fact]
    public async Task Scheduled_work_runs_on_the_pool_without_the_callers_context()
    {
        var local = new AsyncLocal<int> { Value = 7 };
        var seen = new TaskCompletionSource<(int Value, bool Pool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPoolScheduler.Instance.Schedule(new Work(() => seen.SetResult((local.Value, Thread.CurrentThread.IsThreadPoolThread))));
        Assert.Equal((0, true), await seen.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_started_thread_is_a_named_background_thread()
    {
        var seen = new TaskCompletionSource<(string? Name, bool Background)>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPoolScheduler.Instance.StartThread("reader", () => seen.SetResult((Thread.CurrentThread.Name, Thread.CurrentThread.IsBackground)));
        Assert.Equal(("reader", true), await seen.Task.WaitAsync(Patience));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class Work(Action body) : IThreadPoolWorkItem
    {
        public void Execute() => body();
    }
}
