using System.Runtime.CompilerServices;

namespace Peregrine.Execution.Resilience;

/// <summary>Runs attempts with what its options ask for around them. Where the first attempt succeeds, and nothing surrounds it, only that attempt is paid for. Thread-safe.</summary>
internal sealed class AttemptPolicy<T> : IDisposable
{
    private readonly AttemptGuard<T>? _guard;
    private readonly RetryBudget? _budget;
    private readonly Func<IAttempt<T>, int, CancellationToken, ValueTask<T>> _again;

    internal AttemptPolicy(AttemptGuard<T>? guard, RetryBudget? budget)
    {
        _guard = guard;
        _budget = budget;
        _again = (attempt, number, cancellationToken) => RunOneAsync(attempt, number, hedge: false, cancellationToken);
    }

    /// <summary>True where the breaker lets nothing through.</summary>
    internal bool IsOpen => _guard is { IsOpen: true };

    /// <summary>Runs it.</summary>
    /// <param name="attempt">What is tried.</param>
    /// <param name="retry">Tries again; null for one attempt only.</param>
    /// <param name="hedge">True where a second attempt may be sent while the first runs.</param>
    /// <param name="deadline">A timestamp of the clock after which no attempt is begun; 0 for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<T> RunAsync(IAttempt<T> attempt, RetryRunner<T>? retry, bool hedge, long deadline, CancellationToken cancellationToken)
    {
        _budget?.Deposit();
        Exception? failure = null;
        T? result = default;
        try
        {
            result = await RunOneAsync(attempt, 1, hedge, cancellationToken).ConfigureAwait(false);
            if (retry is null || !attempt.Judge(result).Retry)
            {
                return result;
            }
        }
        catch (Exception exception) when (retry is not null && !cancellationToken.IsCancellationRequested && attempt.Judge(exception).Retry)
        {
            failure = exception;
        }

        return await retry.ContinueAsync(attempt, failure, result, deadline, _again, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _guard?.Dispose();

    private ValueTask<T> RunOneAsync(IAttempt<T> attempt, int number, bool hedge, CancellationToken cancellationToken) =>
        _guard is null ? attempt.RunAsync(number, cancellationToken) : _guard.RunAsync(attempt, number, hedge, cancellationToken);
}
