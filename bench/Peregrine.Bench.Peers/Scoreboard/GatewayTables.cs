using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Bench.Peers.Measuring;

namespace Peregrine.Bench.Peers.Scoreboard;

/// <summary>Tables about the gateway. Rows that were not measured are left out; a table without any is empty.</summary>
internal static class GatewayTables
{
    /// <summary>Calls a second beside a bare forwarder and nginx.</summary>
    public static string Throughput(JsonNode results) => Table(results, "gateway-throughput-", "| workload | Peregrine | forwarder | nginx | of the forwarder | of nginx | memory: ours, forwarder, nginx |",
        (row, text) =>
        {
            JsonNode? ours = ScoreboardTable.Target(row, "ours"), forwarder = row["forwarder"], nginx = row["nginx"];
            text.Append(CultureInfo.InvariantCulture, $"| {Marked(row, ours)} | {Marked(row, forwarder)} | {Marked(row, nginx)} | {ScoreboardTable.Wanted(ScoreboardTable.Ratio(ours, forwarder), row, "the forwarder", "")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {ScoreboardTable.Wanted(ScoreboardTable.Ratio(ours, nginx), row, "nginx", "")} | {ScoreboardTable.Memory(ours, forwarder, nginx)} |");
        });

    /// <summary>One call at a time.</summary>
    public static string Latency(JsonNode results) => Table(results, "gateway-latency-", "| workload | the server itself | through Peregrine | through nginx | through the forwarder | added P50, of nginx's | P99, of nginx's |",
        (row, text) =>
        {
            JsonNode? ours = ScoreboardTable.Target(row, "ours"), direct = row["direct"];
            text.Append(CultureInfo.InvariantCulture, $"| {Times(direct, null)} | {Times(ours, direct)} | {Times(row["nginx"], direct)} | {Times(row["forwarder"], direct)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Judged(row, "added P50 ")} | {Judged(row, "P99 of a call ")} |");
        });

    /// <summary>Calls a second that the gateway answers from its cache.</summary>
    public static string Cache(JsonNode results) => Table(results, "gateway-cache-hit-", "| workload | Peregrine | floor | of the floor | memory: ours, floor |",
        (row, text) =>
        {
            JsonNode? ours = ScoreboardTable.Target(row, "ours"), floor = row["floor"];
            text.Append(CultureInfo.InvariantCulture, $"| {Marked(row, ours)} | {Marked(row, floor)} | {ScoreboardTable.Wanted(ScoreboardTable.Ratio(ours, floor), row, "the floor", "")} | {ScoreboardTable.Memory(ours, floor)} |");
        });

    /// <summary>The README's few rows.</summary>
    public static string Summary(JsonNode results)
    {
        (string Id, string Label, string Bare)[] rows = [("gateway-throughput-2025", "gateway, HTTP, 32 connections", "forwarder"), ("gateway-cache-hit-2025", "gateway, from its cache", "floor")];
        var text = new StringBuilder();
        foreach ((string id, string label, string bare) in rows)
        {
            if (ScoreboardTable.Rows(results).FirstOrDefault(row => (string)row["id"]! == id) is { } row)
                text.Append(CultureInfo.InvariantCulture, $"| {label} | {Marked(row, ScoreboardTable.Target(row, "ours"))} | {Marked(row, row[bare])} | {Marked(row, row["nginx"])} |\n");
        }

        return text.Length == 0 ? "" : text.Insert(0, "| one core, warm | Peregrine | a bare program | nginx |\n|---|---|---|---|\n").ToString();
    }

    /// <summary>Long loads.</summary>
    public static string Soak(JsonNode results)
    {
        var text = new StringBuilder("| workload | length | calls/s | failed | P50, P99, P99.9 | gateway's processors | memory, first and last tenth | descriptors | on open connections: callers', gateway's |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (JsonNode run in results["runs"]!.AsArray().Select(run => run!))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {(string)run["title"]!} | {(double)run["seconds"]!:0} s | {ScoreboardTable.Significant((double)run["callsPerSecond"]!)}{Wanted(run, "calls/s")} | {(long)run["failed"]!:#,0} of {(long)run["calls"]!:#,0} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Time(run, "p50Microseconds")}, {Time(run, "p99Microseconds")}, {Time(run, "p999Microseconds")} | {(double)run["gatewayProcessors"]!:0.00} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Megabytes(run["start"]!)}, {Megabytes(run["end"]!)} | {(double)run["start"]!["descriptors"]!:0}, {(double)run["end"]!["descriptors"]!:0} ");
            text.Append(CultureInfo.InvariantCulture, $"| {100 * (double)run["frontReuse"]!:0.00} %, {100 * (double)run["upstreamReuse"]!:0.00} %{(run["generatorFaults"]!.AsArray().Count > 0 ? ", run invalid" : "")} |\n");
        }

        return text.ToString();
    }

    private static string Table(JsonNode results, string prefix, string head, Action<JsonNode, StringBuilder> write)
    {
        JsonNode[] rows = [.. ScoreboardTable.Rows(results).Where(row => ((string)row["id"]!).StartsWith(prefix, StringComparison.Ordinal))];
        if (rows.Length == 0)
            return "";
        StringBuilder text = new StringBuilder(head).Append('\n').Insert(head.Length + 1, "|---", head.Count(character => character == '|') - 1).Append("|\n");
        foreach (JsonNode row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {(string)row["title"]!} ");
            write(row, text);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Marked(JsonNode row, JsonNode? target) => ScoreboardTable.Figure(row, target) + ((bool?)target?["isLoadBound"] == true ? " *" : "");

    // P50 and P99, and what is added to the direct calls' P50.
    private static string Times(JsonNode? target, JsonNode? direct)
    {
        if ((double?)target?["median"] is not { } median)
            return "";
        double? added = direct?["runs"] is JsonArray directs ? Median.Of(target["runs"]!.AsArray().Zip(directs, (value, other) => (double)value! - (double)other!)) : null;
        string gain = added is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (+ {added:0.0})");
        return string.Create(CultureInfo.InvariantCulture, $"{median:0.0}{gain}, {(double)target["p99Microseconds"]!:0} µs");
    }

    private static string Judged(JsonNode row, string subject)
    {
        JsonNode? budget = row["budgets"]!.AsArray().FirstOrDefault(budget => ((string)budget!["text"]!).StartsWith(subject, StringComparison.Ordinal));
        return (double?)budget?["value"] is not { } value ? "" : string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ({((string)budget!["text"]!)[subject.Length..].Split(" x ")[0]})");
    }

    private static string Wanted(JsonNode run, string unit) =>
        run["budgets"]!.AsArray().FirstOrDefault(budget => (string)budget!["unit"]! == unit) is { } budget ? $" ({((string)budget["text"]!).Split(" " + unit)[0]})" : "";

    private static string Time(JsonNode run, string name) => ScoreboardTable.Time(1000 * (double)run[name]!);

    private static string Megabytes(JsonNode use) => string.Create(CultureInfo.InvariantCulture, $"{(long)use["residentBytes"]! / 1048576.0:0} MB");
}
