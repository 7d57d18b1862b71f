namespace Peregrine.Execution.Caching;

/// <summary>One entry's or fill's place in the chain of a tag. Under the cache's lock.</summary>
internal sealed class TagMark(CacheTag tag, object owner)
{
    internal CacheTag Tag { get; } = tag;

    /// <summary>A <see cref="CacheEntry"/> or a <see cref="CacheFill"/>.</summary>
    internal object Owner { get; } = owner;

    internal TagMark? Previous { get; set; }

    internal TagMark? Next { get; set; }
}
