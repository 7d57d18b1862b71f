using Peregrine.Load.Judging;
using Peregrine.Load.Results;

namespace Peregrine.Load.Comparing;

/// <summary>Compares results with results, and series of pairs with a baseline.</summary>
public static class Comparison
{
    /// <summary>Compares what became of the ratios.</summary>
    /// <param name="baseline">Before.</param>
    /// <param name="current">After.</param>
    /// <param name="metrics">Which figures; of those that were not measured in both, an unclear one is told.</param>
    /// <param name="tolerance">What counts as a change, as a share; null for each metric's own.</param>
    /// <exception cref="ArgumentException">They are of different workloads.</exception>
    public static IReadOnlyList<Change> Of(PairSeries baseline, PairSeries current, IReadOnlyList<Metric> metrics, double? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(current);
        RequireSame(baseline.Workload, current.Workload);
        return [.. metrics.Select(metric => Judge(metric, baseline.LogRatios(metric.Name), current.LogRatios(metric.Name), tolerance))];
    }

    /// <summary>Compares runs. Of one run each, the scatter between runs is not known: its seconds stand for it, and the interval is too narrow.</summary>
    /// <param name="before">Runs before; at least one.</param>
    /// <param name="after">Runs after; at least one.</param>
    /// <param name="metrics">Which figures.</param>
    /// <param name="operation">Of which operation; null for all.</param>
    /// <param name="tolerance">What counts as a change, as a share; null for each metric's own.</param>
    /// <exception cref="ArgumentException">They are of different workloads, or there are none.</exception>
    public static IReadOnlyList<Change> Of(
        IReadOnlyList<LoadResult> before, IReadOnlyList<LoadResult> after, IReadOnlyList<Metric> metrics, string? operation = null, double? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Count == 0 || after.Count == 0)
        {
            throw new ArgumentException("There must be a run on each side.");
        }

        foreach (var run in before.Concat(after))
        {
            RequireSame(before[0].Workload, run.Workload);
        }

        return [.. metrics.Select(metric => Judge(metric, Samples(before, metric, operation), Samples(after, metric, operation), tolerance))];
    }

    /// <summary>First over second, with its interval.</summary>
    public static (double Ratio, double Low, double High)? Ratio(PairSeries series, string metric)
    {
        ArgumentNullException.ThrowIfNull(series);
        var ratios = series.LogRatios(metric);
        if (ratios.Count == 0)
        {
            return null;
        }

        var estimate = Estimate.Of(ratios);
        var half = estimate.HalfWidth();
        return (Math.Exp(estimate.Mean), Math.Exp(estimate.Mean - half), Math.Exp(estimate.Mean + half));
    }

    /// <summary>First less second, round by round, in the metric's unit, with its interval.</summary>
    public static (double Difference, double Low, double High) Difference(PairSeries series, string metric)
    {
        ArgumentNullException.ThrowIfNull(series);
        var estimate = Estimate.Of([.. series.Launches.Select(launch => (IReadOnlyList<double>)[.. launch.Select(round => (round.First.Read(metric) ?? 0) - (round.Second.Read(metric) ?? 0))])]);
        var half = estimate.HalfWidth();
        return (estimate.Mean, estimate.Mean - half, estimate.Mean + half);
    }

    private static Change Judge(Metric metric, IReadOnlyList<IReadOnlyList<double>> before, IReadOnlyList<IReadOnlyList<double>> after, double? tolerance)
    {
        var allowed = tolerance ?? metric.Tolerance;
        if (before.Count == 0 || after.Count == 0)
        {
            return new Change(metric, double.NaN, double.NaN, double.PositiveInfinity, allowed);
        }

        var (difference, half) = Estimate.Between(Estimate.Of(before), Estimate.Of(after));
        return new Change(metric, Math.Exp(difference), Math.Exp(difference - half), Math.Exp(difference + half), allowed);
    }

    // Runs are groups of one; a single run is a group of its seconds, scaled to the figure of the whole.
    private static IReadOnlyList<IReadOnlyList<double>> Samples(IReadOnlyList<LoadResult> runs, Metric metric, string? operation)
    {
        var figures = runs.Select(run => metric.Read(run, operation)).ToArray();
        if (figures.Any(static figure => figure is not > 0))
        {
            return [];
        }

        if (runs.Count > 1 || Seconds(runs[0], metric) is not { Length: > 3 } seconds)
        {
            return [.. figures.Select(static figure => (IReadOnlyList<double>)[Math.Log(figure!.Value)])];
        }

        var mean = seconds.Average();
        return [[.. seconds.Select(second => Math.Log(figures[0]!.Value) + second - mean)]];
    }

    private static double[] Seconds(LoadResult run, Metric metric) =>
    [
        .. run.Series.Where(point => point.Second + 1 <= run.DurationSeconds)
            .Select(point => (double)(metric.Name switch { "rps" => point.Succeeded, "p50" => point.P50, "p99" => point.P99, "max" => point.Max, _ => 0 }))
            .Where(static figure => figure > 0)
            .Select(static figure => Math.Log(figure)),
    ];

    private static void RequireSame(WorkloadData one, WorkloadData other)
    {
        if (one.Id != other.Id)
        {
            throw new ArgumentException($"The workloads differ: {one.Name} ({one.Id}) and {other.Name} ({other.Id}) cannot be compared.");
        }
    }
}
