namespace Peregrine.Execution.Resilience;

/// <summary>Why a policy refused to begin.</summary>
internal enum RefusalReason
{
    /// <summary>As many run and wait as may.</summary>
    BulkheadFull,

    /// <summary>The breaker is open: too many of the last attempts failed.</summary>
    BreakerOpen,
}
