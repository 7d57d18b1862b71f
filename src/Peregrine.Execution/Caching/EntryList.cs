namespace Peregrine.Execution.Caching;

/// <summary>Entries from the one used last to the one used longest ago, chained through themselves. Not thread-safe.</summary>
internal sealed class EntryList(CacheSegment segment)
{
    internal CacheEntry? Newest { get; private set; }

    internal CacheEntry? Oldest { get; private set; }

    internal long Size { get; private set; }

    internal void Add(CacheEntry entry)
    {
        entry.Segment = segment;
        entry.Previous = null;
        entry.Next = Newest;
        if (Newest is null)
        {
            Oldest = entry;
        }
        else
        {
            Newest.Previous = entry;
        }

        Newest = entry;
        Size += entry.Size;
    }

    internal void Remove(CacheEntry entry)
    {
        if (entry.Previous is null)
        {
            Newest = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is null)
        {
            Oldest = entry.Previous;
        }
        else
        {
            entry.Next.Previous = entry.Previous;
        }

        entry.Segment = CacheSegment.None;
        entry.Previous = entry.Next = null;
        Size -= entry.Size;
    }
}
