namespace Peregrine.Execution.Caching;

/// <summary>A stored result. Under the cache's lock; its bytes never change.</summary>
internal sealed class CacheEntry(in CacheKey key, byte[] result, string label, long storedAt, long expiresAt, long staleUntil)
{
    // The entry itself, its slot in the table, its mark of a tag: measured on 64 bits, rounded up.
    private const int Overhead = 256;

    internal CacheKey Key { get; } = key;

    internal byte[] Result { get; } = result;

    internal string Label { get; } = label;

    internal long StoredAt { get; } = storedAt;

    internal long ExpiresAt { get; } = expiresAt;

    internal long StaleUntil { get; } = staleUntil;

    internal int Hash { get; } = key.GetHashCode();

    internal long Size { get; } = result.Length + Overhead;

    internal TagMark[] Marks { get; set; } = [];

    internal CacheSegment Segment { get; set; }

    internal CacheEntry? Previous { get; set; }

    internal CacheEntry? Next { get; set; }
}
