namespace Peregrine.Execution.Caching;

/// <summary>Results were dropped all at once.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Tags">The tags, where it was by tags.</param>
/// <param name="Entries">How many results were dropped.</param>
/// <param name="Fills">How many that were being made will not be stored.</param>
public sealed record CacheEvent(CacheEventKind Kind, IReadOnlyList<string> Tags, int Entries, int Fills);
