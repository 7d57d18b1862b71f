namespace Peregrine.Execution.Caching;

/// <summary>What a cache has to say to one who asks.</summary>
public enum CacheAnswer : byte
{
    /// <summary>Here is a result.</summary>
    Hit,

    /// <summary>There is none: make one, for yourself and for those who ask meanwhile.</summary>
    Lead,

    /// <summary>Somebody makes one: wait for it.</summary>
    Follow,
}
