namespace Peregrine.Execution.Resilience;

/// <summary>A policy on this side refused to begin: nothing was sent.</summary>
internal sealed class RefusedException(RefusalReason reason, TimeSpan? retryAfter = null) : Exception("Refused on this side: " + reason)
{
    internal RefusalReason Reason { get; } = reason;

    /// <summary>When it makes sense to ask again, where that is known.</summary>
    internal TimeSpan? RetryAfter { get; } = retryAfter;
}
