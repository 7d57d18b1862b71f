using Peregrine.Execution.Scheduling;

namespace Peregrine.Execution.Tests.Scheduling;

public sealed class CallDeadlineTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly CallDeadline _deadline;
    private int _passed;

    public CallDeadlineTests() => _deadline = new CallDeadline(_time, () => _passed++);

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public void ItPassesOnce()
    {
        _deadline.Arm(Seconds(2), Seconds(10));
        Advance(1);
        Assert.Equal(0, _passed);
        Advance(20);
        Assert.Equal(1, _passed);
        Assert.False(_deadline.Disarm());
    }

    [Fact]
    public void ProgressMovesItUpToTheCap()
    {
        _deadline.Arm(Seconds(2), Seconds(10));
        for (var i = 0; i < 9; i++)
        {
            Advance(1);
            _deadline.Extend();
        }

        Assert.Equal(0, _passed);
        Advance(1);
        Assert.Equal(1, _passed);
    }

    [Fact]
    public void ACallThatEndedHasNone()
    {
        _deadline.Arm(Seconds(2), Seconds(10));
        Assert.True(_deadline.Disarm());
        _deadline.Extend();
        Advance(20);
        Assert.Equal(0, _passed);

        _deadline.Arm(Seconds(3), Seconds(10));
        Advance(2);
        Assert.Equal(0, _passed);
        Advance(1);
        Assert.Equal(1, _passed);
    }

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);

    private void Advance(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(Seconds(1));
        }
    }
}
