namespace Peregrine.Execution.Caching;

/// <summary>The answer of a cache.</summary>
/// <param name="Answer">Which one.</param>
/// <param name="Result">The result of a hit; must not be changed.</param>
/// <param name="Left">How long the result of a hit is still good.</param>
/// <param name="Fill">What is to be made or waited for; null for a hit.</param>
public readonly record struct CacheLookup(CacheAnswer Answer, ReadOnlyMemory<byte> Result, TimeSpan Left, CacheFill? Fill);
