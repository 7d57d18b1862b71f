namespace Peregrine.Testing.Time;

/// <summary>
/// A clock that stands still until a test moves it. Timers that become due fire during <see cref="Advance"/>, in the order of their times, each with the clock at its time. Thread-safe.
/// </summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows at first; by default the beginning of 2026, UTC.</param>
    public ManualTime(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>10,000,000: a timestamp is a number of ticks.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, whatever the machine's zone.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait for their time: lets a test wait until the code under test has begun to wait.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, and fires what becomes due.</summary>
    /// <param name="time">Zero or more.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var end = GetUtcNow() + time;
        while (TakeDue(end) is { } timer)
        {
            // Outside the lock: a callback may make and change timers.
            timer.Fire();
        }
    }

    internal void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = _now + dueTime;
            timer.Period = period;
            Insert(timer);
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            if (_timers is not [var first, ..] || first.Due > end)
            {
                _now = end;
                return null;
            }

            _timers.RemoveAt(0);
            _now = first.Due > _now ? first.Due : _now;
            if (first.Period > TimeSpan.Zero)
            {
                first.Due = _now + first.Period;
                Insert(first);
            }

            return first;
        }
    }

    private void Insert(ManualTimer timer)
    {
        var index = _timers.FindIndex(other => other.Due > timer.Due);
        _timers.Insert(index < 0 ? _timers.Count : index, timer);
    }
}
