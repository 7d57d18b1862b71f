using System.Threading.RateLimiting;

namespace Peregrine.Execution.Resilience;

/// <summary>Lets only so many attempts run at once. Thread-safe.</summary>
internal sealed class Bulkhead(BulkheadOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.MaxConcurrent,
        QueueLimit = options.MaxQueued,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a place; dispose what it gives to leave it.</summary>
    /// <exception cref="RefusedException">As many wait as may.</exception>
    internal async ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken)
    {
        var lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw new RefusedException(RefusalReason.BulkheadFull);
    }

    public void Dispose() => _limiter.Dispose();
}
