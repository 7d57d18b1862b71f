using System.Globalization;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Targets;

namespace Peregrine.Bench.Peers.Rows;

/// <summary>A measured row.</summary>
internal sealed record RowResult(string Id, string Title, string Unit, bool HigherIsBetter, string? Note, IReadOnlyList<TargetResult> Targets, IReadOnlyList<BudgetResult> Budgets)
{
    /// <summary>Judges what was measured by the row's budgets.</summary>
    public static RowResult From(RowDefinition row, string? note, IReadOnlyList<TargetResult> targets)
    {
        TargetResult? ours = targets.FirstOrDefault(target => target.Role == TargetRole.Ours && target.Median is not null);
        var result = new RowResult(row.Id, row.Title, row.Unit, row.HigherIsBetter, note, targets, []);
        return result with { Budgets = [.. row.Budgets.Select(budget => Judge(budget, ours, result))] };
    }

    /// <summary>The better of the measured floor programs.</summary>
    public TargetResult? Floor
    {
        get
        {
            IEnumerable<TargetResult> floors = Targets.Where(target => target.Role == TargetRole.Floor && target.Median is not null);
            return HigherIsBetter ? floors.MaxBy(floor => floor.Median) : floors.MinBy(floor => floor.Median);
        }
    }

    public TargetResult? Official => Measured(TargetRole.Official);

    /// <summary>The bare forwarder, beside a gateway.</summary>
    public TargetResult? Forwarder => Measured(TargetRole.Forwarder);

    /// <summary>nginx, beside a gateway.</summary>
    public TargetResult? Nginx => Measured(TargetRole.Nginx);

    /// <summary>The server behind a gateway, called past it.</summary>
    public TargetResult? Direct => Measured(TargetRole.Direct);

    /// <summary>The median over the rounds of the ratio within one round: what slows the machine for some seconds slows both. Null when one was not measured.</summary>
    public static double? Ratio(TargetResult? target, TargetResult? reference) =>
        target?.Median is null || reference?.Median is null ? null : Median.Of(target.Runs.Zip(reference.Runs, (value, other) => value / other));

    /// <summary>The median over the rounds of what a target adds to direct calls. Null when one was not measured.</summary>
    public double? Added(TargetResult? target) => target?.Median is null || Direct is null ? null : Median.Of(target.Runs.Zip(Direct.Runs, (value, direct) => value - direct));

    private TargetResult? Measured(TargetRole role) => Targets.FirstOrDefault(target => target.Role == role && target.Median is not null);

    // Of the additions within each round: the median of the ratios, as everywhere.
    private static double? AddedRatio(TargetResult? ours, RowResult row)
    {
        if (ours?.Median is null || row.Nginx is not { } nginx || row.Direct is not { } direct)
            return null;
        return Median.Of(ours.Runs.Zip(nginx.Runs, direct.Runs).Select(round => (round.First - round.Third) / (round.Second - round.Third)));
    }

    private static double? TailRatio(TargetResult? ours, TargetResult? nginx) =>
        ours?.TailRuns is null || nginx?.TailRuns is null ? null : Median.Of(ours.TailRuns.Zip(nginx.TailRuns, (value, other) => value / other));

    private static BudgetResult Judge(Budget budget, TargetResult? ours, RowResult row)
    {
        (string text, double? value) = budget.Against switch
        {
            BudgetReference.Floor => (Sentence(budget, "the floor"), Ratio(ours, row.Floor)),
            BudgetReference.Official => (Sentence(budget, "the official SDK"), Ratio(ours, row.Official)),
            BudgetReference.Forwarder => (Sentence(budget, "the forwarder"), Ratio(ours, row.Forwarder)),
            BudgetReference.Nginx => (Sentence(budget, "nginx"), Ratio(ours, row.Nginx)),
            BudgetReference.NginxAdded => ("added P50 " + Sentence(budget, "nginx's"), AddedRatio(ours, row)),
            BudgetReference.NginxTail => ("P99 of a call " + Sentence(budget, "nginx's"), TailRatio(ours, row.Nginx)),
            _ => (string.Create(CultureInfo.InvariantCulture, $"memory at most the floor's + {budget.Bound / 1048576:0} MB"),
                ours?.ResidentBytes is { } mine && row.Floor?.ResidentBytes is { } floor ? mine - floor : null),
        };
        return new BudgetResult(text, value, budget.Against == BudgetReference.FloorMemory ? "bytes" : "ratio", value is null ? null : budget.IsMetBy(value.Value));
    }

    private static string Sentence(Budget budget, string reference) =>
        string.Create(CultureInfo.InvariantCulture, $"{(budget.IsMinimum ? "at least" : "at most")} {budget.Bound:0.##} x {reference}");
}
