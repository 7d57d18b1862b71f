using FsCheck;
using FsCheck.Fluent;
using Peregrine.Execution.Scheduling;

namespace Peregrine.Execution.Tests.Scheduling;

/// <summary>What holds after any row of arrivals, departures and cancellations.</summary>
public sealed class CallSchedulerProperties
{
    [Fact]
    public void LimitsHoldNothingIsLostAndNobodyWaitsWhereThereIsRoom()
    {
        var steps = Gen.Zip(Gen.Choose(0, 9), Gen.Choose(0, 5)).ListOf().Select(list => list.ToArray());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200), Prop.ForAll(steps.ToArbitrary(), Run));
    }

    private static void Run((int Kind, int Which)[] steps)
    {
        using var scheduler = new CallScheduler(new SchedulingOptions { MaxConcurrentCalls = 4, MaxConcurrentCallsPerClient = 3, MaxQueuedCalls = 5 }, new ManualTime());
        CallClass[] classes = [CallScheduler.CreateClass("f", CallTier.Fast, 2), CallScheduler.CreateClass("n"), CallScheduler.CreateClass("s", CallTier.Slow, 3)];
        List<Waiter> waiting = [];
        List<(string Client, CallAdmission Admission)> running = [];
        var (asked, refused, cancelled) = (0, 0, 0);

        foreach (var (kind, which) in steps)
        {
            if (kind < 6)
            {
                var client = $"c{which % 3}";
                var source = new CancellationTokenSource();
                waiting.Add(new Waiter(client, classes[(kind + which) % 3], source, scheduler.EnterAsync(classes[(kind + which) % 3], client, source.Token).AsTask()));
                asked++;
            }
            else if (kind < 9 && running.Count > 0)
            {
                scheduler.Leave(running[which % running.Count].Admission);
                running.RemoveAt(which % running.Count);
            }
            else if (waiting.Count > 0)
            {
                waiting[which % waiting.Count].Source.Cancel();
            }

            foreach (var waiter in waiting.Where(static waiter => waiter.Answer.IsCompleted || waiter.Source.IsCancellationRequested).ToArray())
            {
                var answer = waiter.Answer.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
                waiting.Remove(waiter);
                if (answer.IsAdmitted)
                {
                    running.Add((waiter.Client, answer));
                }
                else if (answer.Refusal == RefusalReason.Cancelled)
                {
                    cancelled++;
                }
                else
                {
                    refused++;
                }
            }

            // Answers are given on other threads.
            Settle(scheduler, waiting, running, ref refused, ref cancelled);
            Assert.True(running.Count <= 4);
            Assert.All(running.GroupBy(static one => one.Client), static group => Assert.True(group.Count() <= 3));
            Assert.All(classes, static one => Assert.True(one.Running <= one.Limit));
            Assert.True(waiting.Count <= 5);
            Assert.Equal(scheduler.Admitted + refused + cancelled + waiting.Count, asked);
            if (running.Count < 4)
            {
                Assert.DoesNotContain(waiting, waiter => waiter.Class.Running < waiter.Class.Limit && running.Count(one => one.Client == waiter.Client) < 3);
            }
        }

        Assert.Equal(scheduler.Refused, refused);
    }

    private static void Settle(CallScheduler scheduler, List<Waiter> waiting, List<(string Client, CallAdmission Admission)> running, ref int refused, ref int cancelled)
    {
        while (scheduler.Running > running.Count || scheduler.Waiting < waiting.Count)
        {
            var answered = Task.WhenAny(waiting.Select(static waiter => waiter.Answer)).WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
            var waiter = waiting.Find(one => one.Answer == answered)!;
            waiting.Remove(waiter);
            if (answered.Result.IsAdmitted)
            {
                running.Add((waiter.Client, answered.Result));
            }
            else if (answered.Result.Refusal == RefusalReason.Cancelled)
            {
                cancelled++;
            }
            else
            {
                refused++;
            }
        }
    }

    private sealed record Waiter(string Client, CallClass Class, CancellationTokenSource Source, Task<CallAdmission> Answer);
}
