namespace Peregrine.Execution.Memory;

/// <summary>What messages on their way take, and what became of those that took too much.</summary>
/// <param name="Bytes">Bytes that wait now.</param>
/// <param name="PeakBytes">The most that waited at once.</param>
/// <param name="Streams">Replies and streams that are counted now.</param>
/// <param name="Refused">How often a reply or stream was refused memory.</param>
/// <param name="EndedLargest">Streams that were ended because there was no memory left.</param>
/// <param name="EndedAbandoned">Streams that were ended because their reader took nothing.</param>
public readonly record struct MemoryStatistics(long Bytes, long PeakBytes, int Streams, long Refused, long EndedLargest, long EndedAbandoned);
