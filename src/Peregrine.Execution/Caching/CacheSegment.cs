namespace Peregrine.Execution.Caching;

/// <summary>Where an entry stands with the policy that decides what is kept.</summary>
internal enum CacheSegment : byte
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Has just come; little is known of it.</summary>
    Window,

    /// <summary>Was let in, and was not asked for since.</summary>
    Probation,

    /// <summary>Was asked for since it was let in.</summary>
    Protected,
}
