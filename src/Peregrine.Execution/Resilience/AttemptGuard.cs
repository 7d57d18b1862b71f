using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;

namespace Peregrine.Execution.Resilience;

/// <summary>What surrounds every attempt where it is asked for: hedging, then the breaker, then the bulkhead. Thread-safe.</summary>
internal sealed class AttemptGuard<T> : IDisposable
{
    private static readonly ResiliencePropertyKey<IAttempt<T>> AttemptKey = new("peregrine.attempt");

    private readonly RetryBudget? _budget;
    private readonly Bulkhead? _bulkhead;
    private readonly ResiliencePipeline<T> _plain;
    private readonly ResiliencePipeline<T> _hedged;
    private readonly CircuitBreakerStateProvider? _state;

    /// <param name="hedging">When to hedge; null for never.</param>
    /// <param name="breaker">When to break; null for never.</param>
    /// <param name="bulkhead">How many at once; null for no bound.</param>
    /// <param name="budget">What hedges are taken from; null for no bound.</param>
    /// <param name="time">The clock.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2091", Justification = "Polly looks at its options by reflection, never at the members of the result's type.")]
    internal AttemptGuard(HedgingOptions? hedging, BreakerOptions? breaker, BulkheadOptions? bulkhead, RetryBudget? budget, TimeProvider time)
    {
        _budget = budget;
        _bulkhead = bulkhead is null ? null : new Bulkhead(bulkhead);
        _plain = ResiliencePipeline<T>.Empty;
        if (breaker is not null)
        {
            _state = new CircuitBreakerStateProvider();
            _plain = new ResiliencePipelineBuilder<T> { TimeProvider = time }
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<T>
                {
                    FailureRatio = breaker.FailureRatio,
                    MinimumThroughput = breaker.MinimumAttempts,
                    SamplingDuration = breaker.Window,
                    BreakDuration = breaker.BreakDuration,
                    StateProvider = _state,
                    ShouldHandle = static args => new ValueTask<bool>(Judge(args.Context, args.Outcome).IsFailure),
                })
                .Build();
        }

        _hedged = hedging is null
            ? _plain
            : new ResiliencePipelineBuilder<T> { TimeProvider = time }
                .AddHedging(new HedgingStrategyOptions<T>
                {
                    Delay = hedging.Delay,
                    MaxHedgedAttempts = hedging.MaxAttempts - 1,
                    ShouldHandle = static args => new ValueTask<bool>(Judge(args.Context, args.Outcome).Retry),
                    ActionGenerator = Hedge,
                })
                .AddPipeline(_plain)
                .Build();
    }

    /// <summary>True where the breaker lets nothing through.</summary>
    internal bool IsOpen => _state is { CircuitState: CircuitState.Open or CircuitState.Isolated };

    /// <summary>Runs one attempt, or several where it is hedged.</summary>
    /// <exception cref="RefusedException">Bulkhead or breaker refused it.</exception>
    internal async ValueTask<T> RunAsync(IAttempt<T> attempt, int number, bool hedge, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(AttemptKey, attempt);
            var outcome = await (hedge ? _hedged : _plain).ExecuteOutcomeAsync(
                static (context, state) => state.Guard.TryAsync(state.Attempt, state.Number, context.CancellationToken),
                context,
                (Guard: this, Attempt: attempt, Number: number)).ConfigureAwait(false);
            if (outcome.Exception is BrokenCircuitException broken)
            {
                throw new RefusedException(RefusalReason.BreakerOpen, broken.RetryAfter);
            }

            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => _bulkhead?.Dispose();

    private static AttemptVerdict Judge(ResilienceContext context, Outcome<T> outcome)
    {
        if (!context.Properties.TryGetValue(AttemptKey, out var attempt))
        {
            return AttemptVerdict.Final;
        }

        return outcome.Exception is { } exception ? attempt.Judge(exception) : attempt.Judge(outcome.Result!);
    }

    private Func<ValueTask<Outcome<T>>>? Hedge(HedgingActionGeneratorArguments<T> args)
    {
        if (_budget is not null && !_budget.TryWithdraw())
        {
            return null;
        }

        return () => args.Callback(args.ActionContext);
    }

    private async ValueTask<Outcome<T>> TryAsync(IAttempt<T> attempt, int number, CancellationToken cancellationToken)
    {
        try
        {
            if (_bulkhead is null)
            {
                return Outcome.FromResult(await attempt.RunAsync(number, cancellationToken).ConfigureAwait(false));
            }

            using var place = await _bulkhead.EnterAsync(cancellationToken).ConfigureAwait(false);
            return Outcome.FromResult(await attempt.RunAsync(number, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<T>(exception);
        }
    }
}
