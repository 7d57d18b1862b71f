namespace Peregrine.Transport.Http;

/// <summary>What happened at the sockets to one server. Counts only grow, except <see cref="Open"/>.</summary>
/// <param name="Requests">Requests that were given a socket.</param>
/// <param name="Opened">Sockets that were connected. 0 where a message handler of the caller's own is used: it is not known what that does.</param>
/// <param name="Open">Sockets that are open now.</param>
/// <param name="Waited">Requests that had to wait for a free socket.</param>
/// <param name="Exhausted">Requests that waited in vain.</param>
public readonly record struct HttpPoolStatistics(long Requests, long Opened, long Open, long Waited, long Exhausted)
{
    /// <summary>The share of requests that went over a socket which had carried another before: 0 to 1.</summary>
    public double Reuse => Requests == 0 ? 0 : Math.Clamp(1 - ((double)Opened / Requests), 0, 1);
}
