using Peregrine.Testing.Time;

namespace Peregrine.Testing.Tests.Time;

/// <summary>The clock that a test moves.</summary>
public sealed class ManualTimeTests
{
    [Fact]
    public void StandsStillUntilMoved()
    {
        var time = new ManualTime();
        var (now, stamp) = (time.GetUtcNow(), time.GetTimestamp());

        Assert.Equal(now, time.GetUtcNow());
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(now.AddSeconds(3), time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(3), time.GetElapsedTime(stamp));
    }

    [Fact]
    public void TimersFireInTheOrderOfTheirTimes()
    {
        var time = new ManualTime();
        List<(string Name, TimeSpan At)> fired = [];
        var start = time.GetUtcNow();
        using var late = time.CreateTimer(_ => fired.Add(("late", time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = time.CreateTimer(_ => fired.Add(("often", time.GetUtcNow() - start)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        using var never = time.CreateTimer(_ => fired.Add(("never", default)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal([("often", TimeSpan.FromSeconds(2)), ("often", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5)), ("often", TimeSpan.FromSeconds(6))], fired);
        Assert.Equal(1, time.Timers);
    }

    [Fact]
    public void ATimerMadeByATimerFiresInTheSameMove()
    {
        var time = new ManualTime();
        var fired = false;
        ITimer? second = null;
        using var first = time.CreateTimer(_ => second = time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), null,
            TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(fired);
        second!.Dispose();
    }

    [Fact]
    public async Task DelaysOfTheLibraryEndWithIt()
    {
        var time = new ManualTime();
        var delay = Task.Delay(TimeSpan.FromMinutes(1), time);
        using var source = new CancellationTokenSource(TimeSpan.FromMinutes(2), time);

        time.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(source.IsCancellationRequested);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void ADisposedTimerIsSilent()
    {
        var time = new ManualTime();
        var timer = time.CreateTimer(static _ => Assert.Fail("It was disposed."), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, time.Timers);
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }
}
