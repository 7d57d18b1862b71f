namespace Peregrine.Execution.Balancing;

/// <summary>
/// Whether one server is in use. Failures in a row eject it; after a time one request is let through, and its end decides: readmitted, or out for twice as long. A probe that succeeds readmits
/// it at once. Thread-safe.
/// </summary>
internal sealed class TargetHealth
{
    private readonly Lock _gate = new();
    private readonly HealthOptions _options;
    private readonly TimeProvider _time;
    private int _failures;
    private int _ejections;
    private bool _trying;
    private long _retryAt;

    // Read without the lock on the way of every request: 0 in use, 1 ejected.
    private volatile int _ejected;

    /// <param name="options">When; valid.</param>
    /// <param name="time">The clock.</param>
    internal TargetHealth(HealthOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>True where it is out of use, or on trial.</summary>
    internal bool IsEjected => _ejected != 0;

    /// <summary>How often it was ejected so far.</summary>
    internal int TotalEjections { get; private set; }

    /// <summary>True where a request may be sent to it now. Changes nothing.</summary>
    internal bool IsAvailable
    {
        get
        {
            if (_ejected == 0)
            {
                return true;
            }

            lock (_gate)
            {
                return _ejected == 0 || (!_trying && _time.GetTimestamp() >= _retryAt);
            }
        }
    }

    /// <summary>Takes it for a request; where it is out and its time is over, this request is the trial.</summary>
    /// <returns>False where it is not available.</returns>
    internal bool TryTake()
    {
        if (_ejected == 0)
        {
            return true;
        }

        lock (_gate)
        {
            if (_ejected == 0)
            {
                return true;
            }

            if (_trying || _time.GetTimestamp() < _retryAt)
            {
                return false;
            }

            _trying = true;
            return true;
        }
    }

    /// <summary>Takes note of a request, or of a probe, that was answered.</summary>
    internal void Succeeded()
    {
        if (_ejected == 0 && Volatile.Read(ref _failures) == 0)
        {
            return;
        }

        lock (_gate)
        {
            _failures = 0;
            if (_ejected != 0)
            {
                _ejected = 0;
                _trying = false;
            }
        }
    }

    /// <summary>Takes note of a request, or of a probe, that failed in a way that is the server's fault.</summary>
    internal void Failed()
    {
        lock (_gate)
        {
            if (_ejected != 0)
            {
                // What was in flight when it was ejected says nothing new; the trial does.
                if (_trying)
                {
                    Eject();
                }

                return;
            }

            if (++_failures >= _options.FailuresToEject)
            {
                // A server that was in use for long has its earlier ejections forgiven.
                if (_time.GetElapsedTime(_retryAt, _time.GetTimestamp()) > _options.MaxEjectionTime)
                {
                    _ejections = 0;
                }

                Eject();
            }
        }
    }

    /// <summary>Takes note of a trial that ended without telling anything, for instance because its caller gave up.</summary>
    internal void Undecided()
    {
        if (_ejected != 0)
        {
            lock (_gate)
            {
                _trying = false;
            }
        }
    }

    /// <summary>Takes it out at once: it is known to be gone.</summary>
    internal void EjectNow()
    {
        lock (_gate)
        {
            if (_ejected == 0)
            {
                Eject();
            }
        }
    }

    private void Eject()
    {
        var seconds = Math.Min(_options.EjectionTime.TotalSeconds * Math.Pow(2, Math.Min(_ejections, 30)), _options.MaxEjectionTime.TotalSeconds);
        _retryAt = _time.GetTimestamp() + (long)(seconds * _time.TimestampFrequency);
        _failures = 0;
        _ejections++;
        TotalEjections++;
        _trying = false;
        _ejected = 1;
    }
}
