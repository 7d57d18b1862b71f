namespace Peregrine.Transport.Tests;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends once a timer waits for exactly this span from now.</summary>
    public async Task WaitForTimerAsync(TimeSpan due)
    {
        while (true)
        {
            Task armed;
            lock (_gate)
            {
                if (_timers.Any(t => t.Due == _now + due.Ticks))
                {
                    return;
                }

                armed = _armed.Task;
            }

            await armed.WaitAsync(TestTime.Limit);
        }
    }

    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += by.Ticks;
            due = [.. _timers.Where(t => t.Due <= _now)];
            foreach (var timer in due)
            {
                timer.Due = long.MaxValue;
            }
        }

        due.ForEach(static t => t.Fire());
    }

    private sealed class ManualTimer(ManualTime owner, Action callback) : ITimer
    {
        public long Due { get; set; } = long.MaxValue;

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : owner._now + dueTime.Ticks;
                owner._armed.TrySetResult();
                owner._armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
