namespace Peregrine.Execution.Resilience;

/// <summary>What an attempt's end means for those after it.</summary>
/// <param name="Retry">True where it failed in a way that may be over soon, and trying again does no harm.</param>
/// <param name="IsFailure">True where the other side, or the way to it, is in trouble: what breakers count.</param>
/// <param name="After">How long the other side asks to wait, where it does.</param>
/// <param name="Immediately">True where there is no reason to wait: it goes elsewhere.</param>
internal readonly record struct AttemptVerdict(bool Retry, bool IsFailure, TimeSpan? After = null, bool Immediately = false)
{
    /// <summary>It is over, well or not, and nobody is in trouble.</summary>
    internal static AttemptVerdict Final => default;
}
