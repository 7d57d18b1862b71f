namespace Peregrine.Execution.Caching;

/// <summary>Tells a cache that things have changed, and others what it did. Thread-safe.</summary>
public interface ICacheEvents
{
    /// <summary>
    /// Drops every result that depends on one of the tags. When it has returned, no asking that begins afterwards is served what was made before; results in the making are given to those who
    /// wait already and not stored.
    /// </summary>
    /// <param name="tags">The tags; those that nothing depends on do no harm.</param>
    /// <param name="cancellationToken">Stops waiting for other nodes, where there are some.</param>
    /// <returns>How many stored results were dropped.</returns>
    ValueTask<int> InvalidateByTagsAsync(IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default);

    /// <summary>Drops results by hand, with the same promise.</summary>
    /// <param name="what">Which; <see cref="CacheSelection.Everything"/> for all.</param>
    /// <param name="cancellationToken">Stops waiting for other nodes, where there are some.</param>
    /// <returns>How many stored results were dropped.</returns>
    ValueTask<int> ClearAsync(CacheSelection what, CancellationToken cancellationToken = default);

    /// <summary>Has <paramref name="observer"/> told of what was dropped, after it was, on the thread that dropped it; must be quick and must not throw.</summary>
    /// <returns>Ends it when disposed.</returns>
    IDisposable Subscribe(Action<CacheEvent> observer);
}
