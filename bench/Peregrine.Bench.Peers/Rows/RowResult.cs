using System.Globalization;
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

    public TargetResult? Official => Targets.FirstOrDefault(target => target.Role == TargetRole.Official && target.Median is not null);

    /// <summary>The median over the rounds of the ratio within one round: what slows the machine for some seconds slows both. Null when one was not measured.</summary>
    public static double? Ratio(TargetResult? target, TargetResult? reference)
    {
        if (target?.Median is null || reference?.Median is null)
            return null;
        double[] ratios = [.. target.Runs.Zip(reference.Runs, (value, other) => value / other).Order()];
        int middle = ratios.Length / 2;
        return ratios.Length % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
    }

    private static BudgetResult Judge(Budget budget, TargetResult? ours, RowResult row)
    {
        (string text, double? value) = budget.Against switch
        {
            BudgetReference.Floor => (Sentence(budget, "the floor"), Ratio(ours, row.Floor)),
            BudgetReference.Official => (Sentence(budget, "the official SDK"), Ratio(ours, row.Official)),
            _ => (string.Create(CultureInfo.InvariantCulture, $"memory at most the floor's + {budget.Bound / 1048576:0} MB"),
                ours?.ResidentBytes is { } mine && row.Floor?.ResidentBytes is { } floor ? mine - floor : null),
        };
        return new BudgetResult(text, value, budget.Against == BudgetReference.FloorMemory ? "bytes" : "ratio", value is null ? null : budget.IsMetBy(value.Value));
    }

    private static string Sentence(Budget budget, string reference) =>
        string.Create(CultureInfo.InvariantCulture, $"{(budget.IsMinimum ? "at least" : "at most")} {budget.Bound:0.##} x {reference}");
}
