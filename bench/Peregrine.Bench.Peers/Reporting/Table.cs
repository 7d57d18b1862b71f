using System.Globalization;
using Peregrine.Bench.Peers.Rows;

namespace Peregrine.Bench.Peers.Reporting;

/// <summary>Prints a row for people.</summary>
internal static class Table
{
    /// <summary>Processors in use by others from which on a figure is not a result.</summary>
    private const double MuchOther = 0.1;

    private static readonly string[] s_head = ["target", "value", "spread", "P50", "P99", "server CPU", "per CPU s", "other CPU", "memory"];

    public static void Write(TextWriter output, RowResult row)
    {
        output.WriteLine();
        output.WriteLine($"{row.Id}: {row.Title} ({row.Unit}, {(row.HigherIsBetter ? "more" : "less")} is better)");
        if (row.Note is not null)
            output.WriteLine($"  note: {row.Note}");
        (string Name, TargetResult? Target)[] references = [.. new[] { ("official", row.Official), ("floor", row.Floor), ("forwarder", row.Forwarder), ("nginx", row.Nginx) }.Where(reference => reference.Item2 is not null)];
        string[] head = [.. s_head, .. row.Direct is null ? Array.Empty<string>() : ["added"], .. references.Select(reference => "x " + reference.Name)];
        string[][] lines = [head, .. row.Targets.Where(target => target.Median is not null).Select(target => Line(row, target, references))];
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(column => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
            output.WriteLine("  " + string.Join("  ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());

        if (row.Targets.Any(target => target.IsLoadBound))
            output.WriteLine("  * the load's core had no time left (the load generator, and the server behind a gateway): the target may be faster");
        if (row.Targets.Any(target => target.OtherProcessors > MuchOther))
            output.WriteLine("  ! the machine was busy with something else: no result");
        if (row.Targets.Any(target => target.WarmUp is { IsSteady: false }))
            output.WriteLine("  ~ still gaining, or three windows in a row never agreed within 3 %, when the warm-up was cut short");
        foreach (TargetResult target in row.Targets.Where(target => target.Median is null))
            output.WriteLine($"  {target.Label}: {(target.Failed is null ? $"skipped: {target.Skipped}" : $"FAILED: {target.Failed}")}");
        foreach (BudgetResult budget in row.Budgets)
            output.WriteLine("  budget: " + Sentence(budget));
    }

    private static string Sentence(BudgetResult budget)
    {
        string value = budget switch
        {
            { Value: null } => "not measured",
            { Unit: "bytes" } => string.Create(CultureInfo.InvariantCulture, $"{budget.Value / 1048576:+0.0;-0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{budget.Value:0.00} x"),
        };
        return $"{budget.Text}: {value} {budget.IsMet switch { true => "OK", false => "OVER", null => "" }}".TrimEnd();
    }

    private static string[] Line(RowResult row, TargetResult target, (string Name, TargetResult? Target)[] references) =>
    [
        target.Label + (target.IsLoadBound ? " *" : "") + (target.WarmUp is { IsSteady: false } ? " ~" : ""),
        Format(target.Median, row.HigherIsBetter ? "#,0" : "0.0"),
        Spread(target),
        Latency(target.P50Microseconds),
        Latency(target.P99Microseconds),
        Format(target.ServerProcessors, "0.00"),
        row.HigherIsBetter ? Format(target.Median / target.ServerProcessors, "#,0") : "",
        Format(target.OtherProcessors, "0.00"),
        target.ResidentBytes is { } bytes ? Format(bytes / 1048576.0, "0 MB") : "",
        .. row.Direct is null ? Array.Empty<string>() : [Latency(row.Added(target))],
        .. references.Select(reference => Format(RowResult.Ratio(target, reference.Target), "0.00")),
    ];

    private static string Spread(TargetResult target) =>
        target.Median is > 0 and var median ? string.Create(CultureInfo.InvariantCulture, $"{(target.Runs.Max() - target.Runs.Min()) / median * 100:0} %") : "";

    private static string Latency(double? microseconds) => microseconds switch
    {
        null => "",
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:0.0} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.0} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0} µs"),
    };

    private static string Format(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
