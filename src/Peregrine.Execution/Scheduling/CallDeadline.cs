namespace Peregrine.Execution.Scheduling;

/// <summary>
/// The end of one call's time. It moves with progress up to a cap. Made once and used for call after call: arming it again allocates nothing. Thread-safe.
/// </summary>
public sealed class CallDeadline : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _passed;
    private ITimer? _timer;
    private bool _armed;
    private long _due;
    private long _cap;
    private long _timeout;

    /// <summary>Makes a deadline.</summary>
    /// <param name="time">Where time comes from.</param>
    /// <param name="passed">Called once for each time it is armed and passes, on a thread of the clock; must be quick.</param>
    public CallDeadline(TimeProvider time, Action passed)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(passed);
        _time = time;
        _passed = passed;
    }

    /// <summary>Begins a call's time.</summary>
    /// <param name="timeout">How long the call may take without progress.</param>
    /// <param name="cap">How long it may take at most.</param>
    public void Arm(TimeSpan timeout, TimeSpan cap)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _timeout = ToTicks(timeout);
            _cap = now + ToTicks(cap);
            _due = Math.Min(now + _timeout, _cap);
            _armed = true;
            _timer ??= _time.CreateTimer(static deadline => ((CallDeadline)deadline!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Set(now);
        }
    }

    /// <summary>The call has made progress: its time without progress begins anew.</summary>
    public void Extend()
    {
        lock (_gate)
        {
            if (_armed)
            {
                // The timer stays as it is; it looks again when it fires.
                _due = Math.Min(_time.GetTimestamp() + _timeout, _cap);
            }
        }
    }

    /// <summary>The call has ended.</summary>
    /// <returns>False where the deadline has passed before: then it was said, or is being said.</returns>
    public bool Disarm()
    {
        lock (_gate)
        {
            var wasArmed = _armed;
            _armed = false;
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return wasArmed;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _armed = false;
            _timer?.Dispose();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (!_armed)
            {
                return;
            }

            var now = _time.GetTimestamp();
            if (now < _due)
            {
                Set(now);
                return;
            }

            _armed = false;
        }

        _passed();
    }

    private void Set(long now)
    {
        var left = TimeSpan.FromSeconds((double)(_due - now) / _time.TimestampFrequency);
        _timer!.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left < TimeSpan.FromDays(40) ? left : TimeSpan.FromDays(40), Timeout.InfiniteTimeSpan);
    }

    private long ToTicks(TimeSpan time) => (long)Math.Min(time.TotalSeconds * _time.TimestampFrequency, long.MaxValue / 4);
}
