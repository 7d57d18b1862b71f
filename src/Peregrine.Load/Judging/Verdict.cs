namespace Peregrine.Load.Judging;

/// <summary>What a check found.</summary>
public enum Verdict
{
    /// <summary>Within what is allowed.</summary>
    Ok,

    /// <summary>Beyond it, or not measured at all.</summary>
    Over,

    /// <summary>The noise is too large to tell.</summary>
    Unclear,
}
