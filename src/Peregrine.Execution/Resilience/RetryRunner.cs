using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.Retry;

namespace Peregrine.Execution.Resilience;

/// <summary>
/// Tries again what failed once. The first attempt runs outside, so that a call that succeeds, which is nearly every call, pays nothing for this. Thread-safe.
/// </summary>
internal sealed class RetryRunner<T>
{
    private static readonly ResiliencePropertyKey<Run> RunKey = new("peregrine.run");

    private readonly RetryOptions _options;
    private readonly RetryBudget? _budget;
    private readonly SeededRandom _random;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<T> _pipeline;

    /// <param name="options">How often and when; valid, with two attempts or more.</param>
    /// <param name="budget">What retries are taken from; null for no bound.</param>
    /// <param name="random">Makes the jitter.</param>
    /// <param name="time">The clock.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2091", Justification = "Polly looks at its options by reflection, never at the members of the result's type.")]
    internal RetryRunner(RetryOptions options, RetryBudget? budget, SeededRandom random, TimeProvider time)
    {
        _options = options;
        _budget = budget;
        _random = random;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<T> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<T>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = args => new ValueTask<bool>(Decide(args)),
                DelayGenerator = static args => new ValueTask<TimeSpan?>(Of(args.Context).Delay),
            })
            .Build();
    }

    /// <summary>Goes on after a first attempt that threw or gave a failure.</summary>
    /// <param name="attempt">What is tried.</param>
    /// <param name="failure">What the first attempt threw; null where it gave <paramref name="result"/>.</param>
    /// <param name="result">What it gave.</param>
    /// <param name="deadline">A timestamp of the clock after which no attempt is begun; 0 for none.</param>
    /// <param name="next">Runs a further attempt, with what surrounds each.</param>
    /// <param name="cancellationToken">Gives up, also while waiting.</param>
    internal async ValueTask<T> ContinueAsync(
        IAttempt<T> attempt, Exception? failure, T? result, long deadline, Func<IAttempt<T>, int, CancellationToken, ValueTask<T>> next, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            var first = failure is null ? Outcome.FromResult(result) : Outcome.FromException<T>(failure);
            var run = new Run(attempt, first!, deadline, next);
            context.Properties.Set(RunKey, run);
            var outcome = await _pipeline.ExecuteOutcomeAsync(static (context, run) => run.NextAsync(context.CancellationToken), context, run).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static Run Of(ResilienceContext context) =>
        context.Properties.TryGetValue(RunKey, out var run) ? run : throw new InvalidOperationException("A retry without its run.");

    private bool Decide(RetryPredicateArguments<T> args)
    {
        var run = Of(args.Context);
        var verdict = args.Outcome.Exception is { } exception ? run.Attempt.Judge(exception) : run.Attempt.Judge(args.Outcome.Result!);
        if (!verdict.Retry || args.AttemptNumber >= _options.MaxAttempts - 1 || args.Context.CancellationToken.IsCancellationRequested)
        {
            return false;
        }

        var delay = verdict.Immediately ? TimeSpan.Zero : _options.DelayBefore(args.AttemptNumber, _random.NextDouble());
        if (verdict.After is { } after && after > delay)
        {
            if (after > _options.MaxDelay)
            {
                return false;
            }

            delay = after;
        }

        if (run.Deadline != 0 && _time.GetElapsedTime(_time.GetTimestamp(), run.Deadline) <= delay)
        {
            return false;
        }

        run.Delay = delay;
        return _budget?.TryWithdraw() ?? true;
    }

    private sealed class Run(IAttempt<T> attempt, Outcome<T> first, long deadline, Func<IAttempt<T>, int, CancellationToken, ValueTask<T>> next)
    {
        private int _number;

        internal IAttempt<T> Attempt { get; } = attempt;

        internal long Deadline { get; } = deadline;

        internal TimeSpan Delay { get; set; }

        internal ValueTask<Outcome<T>> NextAsync(CancellationToken cancellationToken) =>
            ++_number == 1 ? new ValueTask<Outcome<T>>(first) : TryAsync(cancellationToken);

        private async ValueTask<Outcome<T>> TryAsync(CancellationToken cancellationToken)
        {
            try
            {
                return Outcome.FromResult(await next(Attempt, _number, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                return Outcome.FromException<T>(exception);
            }
        }
    }
}
