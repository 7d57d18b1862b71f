namespace Peregrine.Execution.Scheduling;

/// <summary>
/// How many calls should be under way at once, learnt from how long they take: as long as latency stays what it was the limit grows, and as soon as calls begin to stand in each other's way it
/// shrinks in proportion. Used by servers for what they let run, and by clients for what they send. Not thread-safe.
/// </summary>
/// <remarks>A gradient of short against long latency, as in Netflix' concurrency-limits (Gradient2).</remarks>
public sealed class LatencyLimit
{
    /// <summary>The highest limit there is where none is given.</summary>
    public const int Highest = 10_000;

    // Latency may be half as long again before it counts as a sign of load: calls of one class differ by more than that without any.
    private const double Tolerance = 1.5;

    // One window is at most so many calls, so that a quick server learns quickly.
    private const int CallsPerWindow = 100;

    private readonly int _least;
    private readonly int _most;
    private readonly long _windowTicks;
    private double _limit;
    private double _long;
    private long _windowEnd;
    private double _sum;
    private int _count;
    private int _mostInFlight;

    /// <summary>Begins with the lowest limit that is useful, and grows from there.</summary>
    /// <param name="least">The lowest limit, 1 or more.</param>
    /// <param name="most">The highest limit, not below the lowest.</param>
    /// <param name="ticksPerSecond">The unit of times: ticks of the clock in a second.</param>
    public LatencyLimit(int least, int most, long ticksPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        ArgumentOutOfRangeException.ThrowIfLessThan(ticksPerSecond, 1);
        _least = least;
        _most = most;
        _windowTicks = ticksPerSecond / 10;
        _limit = Math.Min(most, Math.Max(least, 20));
    }

    /// <summary>The limit now.</summary>
    public int Current => (int)_limit;

    /// <summary>Takes note of a call that has ended well.</summary>
    /// <param name="ticks">How long it took, without waiting for its turn.</param>
    /// <param name="now">The clock.</param>
    /// <param name="inFlight">How many were under way when it ended, with it.</param>
    /// <returns>True where the limit may have changed.</returns>
    public bool Note(long ticks, long now, int inFlight)
    {
        _sum += ticks;
        _count++;
        _mostInFlight = Math.Max(_mostInFlight, inFlight);
        if (_windowEnd == 0)
        {
            _windowEnd = now + _windowTicks;
        }

        if (now < _windowEnd && _count < CallsPerWindow)
        {
            return false;
        }

        EndWindow(Math.Max(1, _sum / _count));
        _windowEnd = now + _windowTicks;
        _sum = 0;
        _count = 0;
        _mostInFlight = 0;
        return true;
    }

    private void EndWindow(double latency)
    {
        _long = _long == 0 ? latency : _long + ((latency - _long) * 0.02);

        // Latency has fallen for good: what was learnt under load must not make the server look quick.
        if (_long / latency > 2)
        {
            _long *= 0.9;
        }

        // Fewer calls than half the limit say nothing of what more would do.
        if (_mostInFlight < _limit / 2)
        {
            return;
        }

        var gradient = Math.Clamp(Tolerance * _long / latency, 0.5, 1);
        var wanted = (_limit * gradient) + Math.Max(1, Math.Sqrt(_limit) / 2);
        _limit = Math.Clamp((_limit * 0.8) + (wanted * 0.2), _least, _most);
    }
}
