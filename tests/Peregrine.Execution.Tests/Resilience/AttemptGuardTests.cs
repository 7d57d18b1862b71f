using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Resilience;

public sealed class AttemptGuardTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task The_breaker_opens_tries_once_and_closes()
    {
        using var guard = new AttemptGuard<int>(null, new BreakerOptions { MinimumAttempts = 4, BreakDuration = TimeSpan.FromSeconds(5) }, null, null, _time);
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<AttemptException>(() => guard.RunAsync(new ScriptedAttempt(-1), 1, hedge: false, default).Soon());
        }

        Assert.True(guard.IsOpen);
        var refused = new ScriptedAttempt(1);
        var exception = await Assert.ThrowsAsync<RefusedException>(() => guard.RunAsync(refused, 1, hedge: false, default).Soon());
        Assert.Equal(RefusalReason.BreakerOpen, exception.Reason);
        Assert.Equal(0, refused.Begun);

        _time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<AttemptException>(() => guard.RunAsync(new ScriptedAttempt(-1), 1, hedge: false, default).Soon());
        Assert.True(guard.IsOpen);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, await guard.RunAsync(new ScriptedAttempt(3), 1, hedge: false, default).Soon());
        Assert.False(guard.IsOpen);
    }

    [Fact]
    public async Task Failures_that_are_nobodys_fault_do_not_open_it()
    {
        using var guard = new AttemptGuard<int>(null, new BreakerOptions { MinimumAttempts = 2 }, null, null, _time);
        for (var i = 0; i < 50; i++)
        {
            await Assert.ThrowsAsync<AttemptException>(() => guard.RunAsync(new ScriptedAttempt(-2), 1, hedge: false, default).Soon());
        }

        Assert.False(guard.IsOpen);
    }

    [Fact]
    public async Task What_is_slow_is_sent_beside_itself_and_the_slow_one_is_cancelled()
    {
        using var guard = new AttemptGuard<int>(new HedgingOptions { Delay = TimeSpan.FromSeconds(1) }, null, null, null, _time);
        var attempt = new ScriptedAttempt(1, 2);
        attempt.Held[1] = new TaskCompletionSource();
        var running = guard.RunAsync(attempt, 1, hedge: true, default).AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await running.Soon());
        Assert.Equal(2, attempt.Begun);
        Assert.Equal(1, attempt.Cancelled);
    }

    [Fact]
    public async Task What_may_not_be_hedged_is_not()
    {
        using var guard = new AttemptGuard<int>(new HedgingOptions { Delay = TimeSpan.FromSeconds(1) }, null, null, null, _time);
        var attempt = new ScriptedAttempt(1, 2);
        attempt.Held[1] = new TaskCompletionSource();
        var running = guard.RunAsync(attempt, 1, hedge: false, default).AsTask();
        _time.Advance(TimeSpan.FromMinutes(1));
        attempt.Held[1].SetResult();
        Assert.Equal(1, await running.Soon());
        Assert.Equal(1, attempt.Begun);
    }

    [Fact]
    public async Task Hedges_are_paid_for_by_the_budget()
    {
        var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 0, MinPerSecond = 0, Capacity = 1 }, _time);
        Assert.True(budget.TryWithdraw());
        using var guard = new AttemptGuard<int>(new HedgingOptions { Delay = TimeSpan.FromSeconds(1) }, null, null, budget, _time);
        var attempt = new ScriptedAttempt(1, 2);
        attempt.Held[1] = new TaskCompletionSource();
        var running = guard.RunAsync(attempt, 1, hedge: true, default).AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        attempt.Held[1].SetResult();
        Assert.Equal(1, await running.Soon());
        Assert.Equal(1, attempt.Begun);
    }

    [Fact]
    public async Task The_bulkhead_lets_so_many_through_lets_so_many_wait_and_refuses_the_rest()
    {
        using var guard = new AttemptGuard<int>(null, null, new BulkheadOptions { MaxConcurrent = 1, MaxQueued = 1 }, null, _time);
        var first = new ScriptedAttempt(1);
        first.Held[1] = new TaskCompletionSource();
        var running = guard.RunAsync(first, 1, hedge: false, default).AsTask();
        var second = new ScriptedAttempt(2);
        var waiting = guard.RunAsync(second, 1, hedge: false, default).AsTask();
        var third = new ScriptedAttempt(3);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => guard.RunAsync(third, 1, hedge: false, default).Soon());
        Assert.Equal(RefusalReason.BulkheadFull, refused.Reason);
        Assert.Equal(0, second.Begun);
        Assert.Equal(0, third.Begun);

        first.Held[1].SetResult();
        Assert.Equal(1, await running.Soon());
        Assert.Equal(2, await waiting.Soon());
        Assert.Equal(3, await guard.RunAsync(third, 1, hedge: false, default).Soon());
    }
}
