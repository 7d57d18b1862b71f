namespace Peregrine.Transport.Connections;

/// <summary>What a connection has seen so far. Counts only grow.</summary>
/// <param name="MalformedMessages">Messages of the peer that were no JSON-RPC.</param>
/// <param name="OversizedMessages">Messages of the peer over the length limit, skipped.</param>
/// <param name="UnmatchedReplies">Replies to no request in flight: late, doubled or with a wrong id.</param>
public readonly record struct ConnectionStatistics(long MalformedMessages, long OversizedMessages, long UnmatchedReplies);
