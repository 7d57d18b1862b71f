namespace Peregrine.Gateway.Upstreams;

/// <summary>
/// How long to wait before the next attempt: 100 ms, doubled with every failure up to 30 s, so that a killed process is back within a second and a broken one
/// does not keep the machine busy. Not thread-safe.
/// </summary>
internal sealed class BackOff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // Something that lives this long is not in a crash loop.
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    private TimeSpan _next = Shortest;

    /// <summary>The pause before the next attempt; each is twice the one before.</summary>
    internal TimeSpan Next()
    {
        var pause = _next;
        _next = pause * 2 < Longest ? pause * 2 : Longest;
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
