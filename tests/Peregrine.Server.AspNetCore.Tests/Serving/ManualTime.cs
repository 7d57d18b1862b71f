namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>A clock that stands still until a test moves it, timers included.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    internal int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new ManualTimer(this, () => callback(state), period) { Due = _now + dueTime };
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>Moves the clock; each timer that is due in between fires once, on this thread.</summary>
    internal void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            due.ForEach(timer => timer.Due = _now + timer.Period);
        }

        due.ForEach(static timer => timer.Callback());
    }

    private sealed class ManualTimer(ManualTime owner, Action callback, TimeSpan period) : ITimer
    {
        internal Action Callback => callback;

        internal TimeSpan Period => period;

        internal DateTimeOffset Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

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
