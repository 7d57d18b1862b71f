namespace Peregrine.Gateway.Policies;

/// <summary>How short memory is.</summary>
internal enum MemoryPressure
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>What can be done without is let go.</summary>
    Soft,

    /// <summary>It has become still less.</summary>
    Hard,
}
