namespace Peregrine.Execution.Caching;

// What makes results go before their time.
public sealed partial class ResultCache
{
    private Action<CacheEvent>? _observers;

    /// <inheritdoc/>
    public ValueTask<int> InvalidateByTagsAsync(IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return new ValueTask<int>(Invalidate(tags));
    }

    /// <summary>Drops every result that depends on one of the tags, on this node. See <see cref="InvalidateByTagsAsync"/>.</summary>
    public int Invalidate(IReadOnlyCollection<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var (entries, fills) = (0, 0);
        lock (_gate)
        {
            foreach (var name in tags)
            {
                // Dropping what a tag marks takes the tag away with its last mark.
                while (_tags.TryGetValue(name, out var tag) && tag.First is { } mark)
                {
                    if (mark.Owner is CacheEntry entry)
                    {
                        Remove(entry);
                        entries++;
                    }
                    else
                    {
                        Doom((CacheFill)mark.Owner);
                        fills++;
                    }
                }
            }

            _counts.Invalidated += entries;
        }

        Publish(new CacheEvent(CacheEventKind.Invalidated, [.. tags], entries, fills));
        return entries;
    }

    /// <inheritdoc/>
    public ValueTask<int> ClearAsync(CacheSelection what, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(what);
        return new ValueTask<int>(Drop(CacheEventKind.Cleared, what));
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<CacheEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        lock (_gate)
        {
            _observers += observer;
        }

        return new Subscription(this, observer);
    }

    private int Drop(CacheEventKind kind, CacheSelection what)
    {
        CacheEntry[] entries;
        CacheFill[] fills;
        lock (_gate)
        {
            entries = [.. Entries.Values.Where(entry => what.Matches(entry.Label, TagsOf(entry.Marks)))];
            fills = [.. Fills.Values.Where(fill => what.Matches(fill.Label, fill.Tags))];
            foreach (var entry in entries)
            {
                Remove(entry);
            }

            foreach (var fill in fills)
            {
                Doom(fill);
            }

            _counts.Cleared += entries.Length;
        }

        Publish(new CacheEvent(kind, what.Tag is { } tag ? [tag] : [], entries.Length, fills.Length));
        return entries.Length;
    }

    // Who asks from now on must not wait for what was begun before the change.
    private void Doom(CacheFill fill)
    {
        fill.IsDoomed = true;
        Unmark(fill.Marks);
        fill.Marks = [];
        if (Fills.TryGetValue(fill.Key, out var current) && current == fill)
        {
            Fills.Remove(fill.Key);
        }
    }

    private static string[] TagsOf(TagMark[] marks) => Array.ConvertAll(marks, static mark => mark.Tag.Name);

    private void Publish(CacheEvent told) => Volatile.Read(ref _observers)?.Invoke(told);

    private sealed class Subscription(ResultCache cache, Action<CacheEvent> observer) : IDisposable
    {
        public void Dispose()
        {
            lock (cache._gate)
            {
                cache._observers -= observer;
            }
        }
    }
}
