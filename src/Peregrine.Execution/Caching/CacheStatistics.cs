namespace Peregrine.Execution.Caching;

/// <summary>What a cache has done since it was made, and what it holds. All numbers are of one moment and exact.</summary>
public sealed record CacheStatistics
{
    /// <summary>Askings that were served from the cache.</summary>
    public long Hits { get; init; }

    /// <summary>Askings that found nothing, and had a result made.</summary>
    public long Misses { get; init; }

    /// <summary>Askings that waited for a result that another one had made.</summary>
    public long Coalesced { get; init; }

    /// <summary>Askings that went past the cache, by their own wish or because it was turned off.</summary>
    public long Bypassed { get; init; }

    /// <summary>Results served after their time, because no new one could be had; each also counts as one that was missed or waited for.</summary>
    public long ServedStale { get; init; }

    /// <summary>Results that were stored.</summary>
    public long Stored { get; init; }

    /// <summary>Results that were made and not stored: failures, results for one alone, and those too long.</summary>
    public long NotStored { get; init; }

    /// <summary>Results that were made and not stored because what they depend on changed meanwhile.</summary>
    public long Doomed { get; init; }

    /// <summary>Results that were let go at once, for others were asked for more often.</summary>
    public long Rejected { get; init; }

    /// <summary>Results that were let go for others.</summary>
    public long Evicted { get; init; }

    /// <summary>Results whose time was over when they were asked for.</summary>
    public long Expired { get; init; }

    /// <summary>Results that another took the place of.</summary>
    public long Replaced { get; init; }

    /// <summary>Results that were dropped because what they depend on changed.</summary>
    public long Invalidated { get; init; }

    /// <summary>Results that were dropped because somebody cleared them.</summary>
    public long Cleared { get; init; }

    /// <summary>Results that are there.</summary>
    public int Entries { get; init; }

    /// <summary>Bytes that they take.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that they may take.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Hits among the askings that did not go past the cache, 0 to 1; 0 where there were none.</summary>
    public double HitRatio => Hits == 0 ? 0 : (double)Hits / (Hits + Misses + Coalesced);
}
