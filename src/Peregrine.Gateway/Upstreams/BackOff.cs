namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// How long to wait before the next attempt: 100 ms, doubled with every failure up to a bound, so that a killed process is back within a second and a broken one
/// does not keep the machine busy. Not thread-safe.
/// </summary>
/// <param name="longest">The longest pause.</param>
internal sealed class BackOff(TimeSpan longest)
{
    /// <summary>For processes: starting one costs the machine something each time.</summary>
    internal static readonly TimeSpan OfProcesses = TimeSpan.FromSeconds(30);

    /// <summary>For servers elsewhere: asking again costs one connection, and so one that comes back is found within seconds however long it was away.</summary>
    internal static readonly TimeSpan OfServers = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    // Something that lives this long is not in a crash loop.
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    private TimeSpan _next = Shortest;

    /// <summary>The pause before the next attempt; each is twice the one before.</summary>
    internal TimeSpan Next()
    {
        var pause = _next;
        _next = pause * 2 < longest ? pause * 2 : longest;
        return pause;
    }

    /// <summary>Begins anew where the connection that ended had lasted.</summary>
    internal void NoteLife(TimeSpan life)
    {
        if (life >= Healthy)
        {
            _next = Shortest;
        }
    }
}
