namespace Peregrine.Load.Results;

/// <summary>What went over the wire during the measurement.</summary>
/// <param name="Requests">Requests sent, openings and endings of sessions included.</param>
/// <param name="Connections">Connections or processes that were started.</param>
/// <param name="BytesSent">Bytes sent, headers included.</param>
/// <param name="BytesReceived">Bytes received, headers included.</param>
public sealed record TrafficData(long Requests, long Connections, long BytesSent, long BytesReceived)
{
    /// <summary>The share of requests that found a connection open, counted at the socket.</summary>
    public double Reuse => Requests == 0 ? 0 : Math.Max(0, 1 - ((double)Connections / Requests));
}
