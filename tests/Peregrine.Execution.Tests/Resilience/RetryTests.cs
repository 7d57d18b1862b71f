using FsCheck;
using FsCheck.Fluent;
using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Tests.Resilience;

/// <summary>When what failed is tried again, and when not. An attempt that ends with 0 or -1 may be tried again; 1 and more succeed; -2 is final.</summary>
public sealed class RetryTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task What_succeeds_is_not_tried_again()
    {
        var attempt = new ScriptedAttempt(7);
        Assert.Equal(7, await RunAsync(attempt, new RetryOptions()).Soon());
        Assert.Equal(1, attempt.Begun);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task What_fails_is_tried_again_after_a_wait_that_grows(int failure)
    {
        var attempt = new ScriptedAttempt(failure, failure, 5);
        var running = RunAsync(attempt, new RetryOptions { BaseDelay = TimeSpan.FromSeconds(1), Multiplier = 3, Jitter = 0 }).AsTask();
        await PassAsync(TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(5, await running.Soon());
        Assert.Equal([1, 2, 3], attempt.Numbers);
    }

    [Fact]
    public async Task The_last_failure_is_the_end()
    {
        var attempt = new ScriptedAttempt(-1);
        var running = RunAsync(attempt, new RetryOptions { MaxAttempts = 2, Jitter = 0 }).AsTask();
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(-1, (await Assert.ThrowsAsync<AttemptException>(() => running.Soon())).End);
        Assert.Equal(2, attempt.Begun);

        var result = new ScriptedAttempt(0);
        var ending = RunAsync(result, new RetryOptions { MaxAttempts = 2, Jitter = 0 }).AsTask();
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await ending.Soon());
    }

    [Fact]
    public async Task What_is_final_is_not_tried_again()
    {
        var attempt = new ScriptedAttempt(-2, 5);
        await Assert.ThrowsAsync<AttemptException>(() => RunAsync(attempt, new RetryOptions()).Soon());
        Assert.Equal(1, attempt.Begun);

        var second = new ScriptedAttempt(-1, -2, 5) { Immediately = true };
        await Assert.ThrowsAsync<AttemptException>(() => RunAsync(second, new RetryOptions()).Soon());
        Assert.Equal(2, second.Begun);
    }

    [Fact]
    public async Task The_other_sides_wish_to_wait_is_granted_up_to_the_longest_wait()
    {
        var options = new RetryOptions { Jitter = 0, MaxDelay = TimeSpan.FromSeconds(10) };
        var attempt = new ScriptedAttempt(-1, 5) { After = TimeSpan.FromSeconds(9) };
        var running = RunAsync(attempt, options).AsTask();
        await PassAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(5, await running.Soon());

        var longer = new ScriptedAttempt(-1, 5) { After = TimeSpan.FromSeconds(11) };
        await Assert.ThrowsAsync<AttemptException>(() => RunAsync(longer, options).Soon());
        Assert.Equal(1, longer.Begun);
    }

    [Fact]
    public async Task After_the_deadline_no_attempt_is_begun()
    {
        var attempt = new ScriptedAttempt(-1, -1, 5);
        var running = RunAsync(attempt, new RetryOptions { Jitter = 0 }, deadline: _time.GetTimestamp() + TimeSpan.FromSeconds(3).Ticks).AsTask();
        await PassAsync(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AttemptException>(() => running.Soon());
        Assert.Equal(2, attempt.Begun);
    }

    [Fact]
    public async Task Giving_up_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var attempt = new ScriptedAttempt(-1, 5);
        var running = RunAsync(attempt, new RetryOptions { Jitter = 0 }, cancellationToken: stop.Token).AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
        Assert.Equal(1, attempt.Begun);
    }

    [Fact]
    public async Task Without_budget_nothing_is_tried_again()
    {
        var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 0, MinPerSecond = 0, Capacity = 1 }, _time);
        Assert.Equal(5, await RunAsync(new ScriptedAttempt(-1, 5) { Immediately = true }, new RetryOptions(), budget).Soon());
        await Assert.ThrowsAsync<AttemptException>(() => RunAsync(new ScriptedAttempt(-1, 5) { Immediately = true }, new RetryOptions(), budget).Soon());
    }

    [Fact]
    public void Waits_stay_within_their_bounds()
    {
        var cases = ArbMap.Default.GeneratorFor<(byte Retry, byte Random, byte Jitter, byte Multiplier, ushort Base, ushort More)>();
        Prop.ForAll(cases.ToArbitrary(), static c =>
        {
            var options = new RetryOptions
            {
                BaseDelay = TimeSpan.FromMilliseconds(c.Base + 1),
                MaxDelay = TimeSpan.FromMilliseconds(c.Base + 1 + c.More),
                Jitter = c.Jitter / 255.0,
                Multiplier = 1 + (c.Multiplier * 9 / 255.0),
            };
            var faults = new List<string>();
            options.Validate(faults, "R");
            var delay = options.DelayBefore(c.Retry % 10, c.Random / 255.0);
            return faults.Count == 0 && delay >= TimeSpan.Zero && delay <= options.MaxDelay;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_option_out_of_range_is_named()
    {
        List<string> faults = [];
        new RetryOptions
        {
            MaxAttempts = 11,
            BaseDelay = TimeSpan.Zero,
            MaxDelay = TimeSpan.FromHours(2),
            Multiplier = double.NaN,
            Jitter = 2,
            AttemptTimeout = TimeSpan.Zero,
        }.Validate(faults, "Retry");
        Assert.Equal(6, faults.Count);
        foreach (var name in new[] { "MaxAttempts", "BaseDelay", "MaxDelay", "Multiplier", "Jitter", "AttemptTimeout" })
        {
            Assert.Contains(faults, fault => fault.StartsWith("Retry." + name, StringComparison.Ordinal));
        }

        foreach (var preset in new[] { RetryOptions.Interactive, RetryOptions.Network, RetryOptions.Expensive, RetryOptions.None })
        {
            faults.Clear();
            preset.Validate(faults, "Preset");
            Assert.Empty(faults);
        }
    }

    private async Task PassAsync(TimeSpan time)
    {
        await _time.WaitForTimerAsync(time);
        _time.Advance(time);
    }

    private ValueTask<int> RunAsync(ScriptedAttempt attempt, RetryOptions options, RetryBudget? budget = null, long deadline = 0, CancellationToken cancellationToken = default)
    {
        var runner = new RetryRunner<int>(options, budget, new SeededRandom(1), _time);
        return new AttemptPolicy<int>(guard: null, budget).RunAsync(attempt, runner, hedge: false, deadline, cancellationToken);
    }
}
