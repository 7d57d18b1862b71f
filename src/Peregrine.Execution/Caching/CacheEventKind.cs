namespace Peregrine.Execution.Caching;

/// <summary>Why results were dropped.</summary>
public enum CacheEventKind
{
    /// <summary>What they depend on has changed.</summary>
    Invalidated,

    /// <summary>Somebody cleared them.</summary>
    Cleared,

    /// <summary>Memory was needed for other things.</summary>
    Shrunk,
}
