namespace Peregrine.Client.Caching;

/// <summary>What a response cache has done so far. Counts only grow, but for entries and bytes.</summary>
/// <param name="Hits">Requests answered from the cache.</param>
/// <param name="Misses">Requests that could have been and were sent.</param>
/// <param name="Joined">Requests that waited for the answer to another one like them, and shared it.</param>
/// <param name="Invalidations">Results dropped because the server said that they had changed.</param>
/// <param name="Evictions">Results dropped for want of room.</param>
/// <param name="Entries">Results kept now.</param>
/// <param name="Bytes">How long they are together, with their keys.</param>
public readonly record struct ResponseCacheStatistics(long Hits, long Misses, long Joined, long Invalidations, long Evictions, int Entries, long Bytes);
