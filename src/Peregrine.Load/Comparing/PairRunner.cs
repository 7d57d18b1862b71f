using Peregrine.Load.Driving;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Comparing;

/// <summary>Measures two servers in turn, A B B A: what the machine does to one it does to the other.</summary>
public static class PairRunner
{
    /// <summary>Measures.</summary>
    /// <param name="plan">What.</param>
    /// <param name="progress">Told of each round, in words; null for nobody.</param>
    /// <param name="cancellationToken">Ends it without a series.</param>
    /// <exception cref="ArgumentException">The plan is not valid; the message names all faults.</exception>
    /// <exception cref="LoadException">A server cannot be reached, or answered no call of a window.</exception>
    public static async Task<PairSeries> RunAsync(PairPlan plan, IProgress<PairProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        var startedAt = plan.Options.TimeProvider.GetUtcNow();
        var launches = new List<IReadOnlyList<PairRound>>();
        LoadResult? first = null, second = null;
        for (var launch = 0; launch < plan.Launches; launch++)
        {
            var (rounds, one, other) = await LaunchAsync(plan, launch, progress, cancellationToken).ConfigureAwait(false);
            launches.Add(rounds);
            (first, second) = (one, other);
        }

        return new PairSeries
        {
            SchemaVersion = PairSeries.CurrentSchema,
            Kind = PairSeries.KindName,
            StartedAt = startedAt,
            Workload = first!.Workload,
            First = first.Target,
            Second = second!.Target,
            Environment = first.Environment,
            WindowSeconds = plan.Window.TotalSeconds,
            Launches = launches,
        };
    }

    private static async Task<(List<PairRound> Rounds, LoadResult First, LoadResult Second)> LaunchAsync(
        PairPlan plan, int launch, IProgress<PairProgress>? progress, CancellationToken cancellationToken)
    {
        var one = await LoadSession.OpenAsync(plan.First, plan.Workload, plan.Options, cancellationToken).ConfigureAwait(false);
        await using var closingOne = one.ConfigureAwait(false);
        var other = await LoadSession.OpenAsync(plan.Second, plan.Workload, plan.Options, cancellationToken).ConfigureAwait(false);
        await using var closingOther = other.ConfigureAwait(false);
        await one.WarmUpAsync(null, cancellationToken).ConfigureAwait(false);
        await other.WarmUpAsync(null, cancellationToken).ConfigureAwait(false);
        Stage[] window = [plan.Workload.Stages.First(static stage => stage.Rate > 0 || stage.Concurrency > 0) with { Duration = plan.Window, Ramp = false }];
        var rounds = new List<PairRound>();
        LoadResult? first = null, second = null;
        for (var round = 0; round < plan.Rounds; round++)
        {
            // A B, then B A: what drifts falls on both alike.
            if (round % 2 == 0)
            {
                first = await MeasureAsync(one, window, cancellationToken).ConfigureAwait(false);
                second = await MeasureAsync(other, window, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                second = await MeasureAsync(other, window, cancellationToken).ConfigureAwait(false);
                first = await MeasureAsync(one, window, cancellationToken).ConfigureAwait(false);
            }

            rounds.Add(new PairRound(RoundFigures.Of(first), RoundFigures.Of(second)));
            progress?.Report(new PairProgress(launch, round, rounds[^1]));
        }

        return (rounds, first!, second!);
    }

    private static async Task<LoadResult> MeasureAsync(LoadSession session, Stage[] window, CancellationToken cancellationToken)
    {
        var result = await session.MeasureAsync(window, null, cancellationToken).ConfigureAwait(false);
        return result.Succeeded > 0
            ? result
            : throw new LoadException($"{result.Target.Name} answered no call of a window well: {string.Join("; ", result.ErrorExamples.Take(3))}");
    }
}
