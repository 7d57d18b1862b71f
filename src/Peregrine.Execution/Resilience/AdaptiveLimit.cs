namespace Peregrine.Execution.Resilience;

/// <summary>
/// Finds how many calls may run at once: as many as there can be without each taking notably longer than it does when few run. Counts in windows; each change of the limit
/// begins a new one, and only calls that began in it are counted. Not thread-safe: who uses it has a lock.
/// </summary>
internal sealed class AdaptiveLimit
{
    // Calls may take this part longer than with few at once before the limit stops growing. More finds too high a limit where latency rises steeply, less is misled by noise.
    private const double Tolerance = 0.15;

    private const double BackOff = 0.7;
    private const int LeastCounted = 10;

    // So often fewer are let through for one window, to see again how long calls take then: what was measured once may no longer hold.
    private const int WindowsBetweenProbes = 64;

    private const int WindowsBelowCeiling = 8;

    private readonly AdaptiveLimitOptions _options;
    private double _limit;
    private double _limitBeforeProbe;
    private double _base;
    private double _sum;
    private int _counted;
    private int _most;
    private int _windowsToProbe = WindowsBetweenProbes;
    private bool _starting = true;
    private int _ceiling = int.MaxValue;
    private int _windowsBelowCeiling;

    /// <param name="options">The bounds; valid.</param>
    internal AdaptiveLimit(AdaptiveLimitOptions options)
    {
        _options = options;
        _limit = options.Initial;
    }

    /// <summary>How many may run.</summary>
    internal int Limit => Math.Clamp((int)Math.Round(_limit), _options.Min, _options.Max);

    /// <summary>The number of the window; a call takes it along from its beginning to <see cref="Record"/>.</summary>
    internal int Window { get; private set; }

    /// <summary>How long calls take when few run, in the caller's unit; 0 before that is known.</summary>
    internal double BaseLatency => _base;

    /// <summary>Takes note of a call that ended.</summary>
    /// <param name="window"><see cref="Window"/> when it began.</param>
    /// <param name="latency">How long it took, more than zero, in any unit.</param>
    /// <param name="inFlight">How many ran when it began, itself included.</param>
    internal void Record(int window, double latency, int inFlight)
    {
        if (window != Window)
        {
            return;
        }

        _sum += latency;
        _counted++;
        _most = Math.Max(_most, inFlight);
        if (_counted >= Math.Max(LeastCounted, Limit))
        {
            EndWindow(_sum / _counted);
        }
    }

    /// <summary>Takes note of a call that the other side refused, or did not answer in time.</summary>
    /// <param name="window"><see cref="Window"/> when it began.</param>
    internal void RecordOverload(int window)
    {
        // One answer to what one window brought, however many calls it hit.
        if (window == Window)
        {
            _starting = false;
            _limitBeforeProbe = 0;
            Begin(_limit * BackOff);
        }
    }

    private void EndWindow(double latency)
    {
        if (_limitBeforeProbe != 0)
        {
            _base = latency;
            Begin(_limitBeforeProbe);
            _limitBeforeProbe = 0;
            return;
        }

        _base = _base == 0 ? latency : Math.Min(_base, latency);
        if (--_windowsToProbe == 0)
        {
            _windowsToProbe = WindowsBetweenProbes;
            _limitBeforeProbe = _limit;
            Begin(_limit / 2);
            return;
        }

        var next = (_limit * (_base / latency)) + Math.Max(1, Tolerance * _limit);
        if (_starting && next > _limit)
        {
            next = _limit * 2;
        }
        else
        {
            // The first growth of the latency ends the doubling.
            _starting = false;
        }

        // Who asks for less than the limit says nothing about a higher one.
        Begin(next > _limit && _most < Limit ? _limit : BelowCeiling(next));
    }

    // Where a limit proved too high, the next lower one is kept for a while: with few slots, going there and back each time would cost more than a quarter.
    private double BelowCeiling(double next)
    {
        if (next < _limit)
        {
            _ceiling = Limit;
            _windowsBelowCeiling = WindowsBelowCeiling;
        }
        else if (Limit >= _ceiling)
        {
            _ceiling = int.MaxValue;
        }
        else if (Math.Round(next) >= _ceiling && --_windowsBelowCeiling > 0)
        {
            return Math.Min(next, _ceiling - 1);
        }

        return next;
    }

    private void Begin(double limit)
    {
        _limit = Math.Clamp(limit, _options.Min, _options.Max);
        _sum = 0;
        _counted = 0;
        _most = 0;
        Window++;
    }
}
