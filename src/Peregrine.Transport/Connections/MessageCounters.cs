using System.Numerics;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>Counts what a peer does wrong, and logs it so rarely that no peer can flood the log: at the 1st, 2nd, 4th, 8th time. Thread-safe.</summary>
internal sealed class MessageCounters(ILogger logger, McpConnection connection)
{
    private long _malformed;
    private long _oversized;
    private long _unmatched;
    private long _unexpected;

    internal ConnectionStatistics Snapshot => new(Volatile.Read(ref _malformed), Volatile.Read(ref _oversized), Volatile.Read(ref _unmatched));

    internal void Malformed(EnvelopeError fault)
    {
        if (Count(ref _malformed, out var count))
        {
            ConnectionLog.Malformed(logger, connection.Peer, fault.ToString(), count);
        }
    }

    internal void Oversized(int limit)
    {
        if (Count(ref _oversized, out var count))
        {
            ConnectionLog.Oversized(logger, connection.Peer, limit, count);
        }
    }

    internal void Unmatched()
    {
        if (Count(ref _unmatched, out var count))
        {
            ConnectionLog.Unmatched(logger, connection.Peer, count);
        }
    }

    internal void UnexpectedRequest()
    {
        if (Count(ref _unexpected, out var count))
        {
            ConnectionLog.UnexpectedRequest(logger, connection.Peer, count);
        }
    }

    private static bool Count(ref long counter, out long count)
    {
        count = Interlocked.Increment(ref counter);
        return BitOperations.IsPow2(count);
    }
}
