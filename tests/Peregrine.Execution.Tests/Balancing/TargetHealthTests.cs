using Peregrine.Execution.Balancing;

namespace Peregrine.Execution.Tests.Balancing;

public sealed class TargetHealthTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Failures_in_a_row_eject_it_and_a_trial_readmits_it()
    {
        var health = Create();
        health.Failed();
        health.Failed();
        health.Succeeded();
        health.Failed();
        health.Failed();
        Assert.False(health.IsEjected);
        health.Failed();
        Assert.True(health.IsEjected);
        Assert.False(health.TryTake());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(health.TryTake());
        Assert.False(health.TryTake());
        health.Succeeded();
        Assert.False(health.IsEjected);
        Assert.True(health.TryTake());
        Assert.True(health.TryTake());
    }

    [Fact]
    public void A_trial_that_fails_doubles_the_time_up_to_the_longest()
    {
        var health = Create();
        health.EjectNow();
        foreach (var seconds in new[] { 1, 2, 4, 8, 10, 10 })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(health.IsAvailable);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(health.TryTake());
            health.Failed();
        }

        Assert.Equal(7, health.TotalEjections);
    }

    [Fact]
    public void What_was_in_flight_when_it_was_ejected_does_not_prolong_it()
    {
        var health = Create();
        health.EjectNow();
        health.Failed();
        health.Failed();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(health.IsAvailable);
    }

    [Fact]
    public void A_trial_that_tells_nothing_leaves_room_for_another()
    {
        var health = Create();
        health.EjectNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(health.TryTake());
        health.Undecided();
        Assert.True(health.TryTake());
    }

    private TargetHealth Create() => new(new HealthOptions { FailuresToEject = 3, EjectionTime = TimeSpan.FromSeconds(1), MaxEjectionTime = TimeSpan.FromSeconds(10) }, _time);
}
