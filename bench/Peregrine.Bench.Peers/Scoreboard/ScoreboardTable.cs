using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Bench.Peers.Measuring;

namespace Peregrine.Bench.Peers.Scoreboard;

/// <summary>Tables from the JSON results.</summary>
internal static class ScoreboardTable
{
    private static readonly (string Id, string Label)[] s_summary =
    [
        ("stdio-64-2025", "stdio, 64 calls in flight"),
        ("stdio-1-2025", "stdio, one call at a time"),
        ("start-1-2025", "stdio, start to first reply"),
        ("http-2025", "HTTP, 32 connections"),
    ];

    /// <summary>A table, with an empty line behind it.</summary>
    /// <param name="file">The results: a file, or a folder with files of one run each.</param>
    /// <param name="view"><c>summary</c>, <c>peers</c>, or one that begins with <c>gateway</c>, of Peregrine.Bench.Peers; <c>runs</c> of `peregrine bench --out`.</param>
    public static string Make(string file, string view)
    {
        // Nothing measured yet is no table; what was in a document before shows that its file is gone.
        if (!Path.Exists(file) && view.StartsWith("gateway", StringComparison.Ordinal))
            return "";
        JsonNode results = Directory.Exists(file)
            ? new JsonArray([.. Directory.GetFiles(file, "*.json").Order(StringComparer.Ordinal).Select(one => JsonNode.Parse(File.ReadAllText(one)))])
            : JsonNode.Parse(File.ReadAllText(file))!;
        return view switch
        {
            "summary" => Summary(results),
            "peers" => Peers(results),
            "runs" => Runs(results is JsonArray many ? [.. many.Select(run => run!)] : [results]),
            "gateway" => GatewayTables.Throughput(results),
            "gateway-latency" => GatewayTables.Latency(results),
            "gateway-cache" => GatewayTables.Cache(results),
            "gateway-summary" => GatewayTables.Summary(results),
            "gateway-soak" => GatewayTables.Soak(results),
            _ => throw new FormatException($"there is no view {view}; there are summary, peers, runs, gateway, gateway-latency, gateway-cache, gateway-summary and gateway-soak"),
        };
    }

    private static string Summary(JsonNode results)
    {
        string version = (string)results["environment"]!["versions"]!["ModelContextProtocol"]!;
        var text = new StringBuilder($"| one core, warm | Peregrine | a bare program | official C# SDK {version} |\n|---|---|---|---|\n");
        foreach ((string id, string label) in s_summary)
        {
            JsonNode row = Rows(results).Single(row => (string)row["id"]! == id);
            text.Append(CultureInfo.InvariantCulture, $"| {label} | {Figure(row, Target(row, "ours"))} | {Figure(row, row["floor"])} | {Figure(row, row["official"])} |\n");
        }

        return text.ToString();
    }

    private static string Peers(JsonNode results)
    {
        var text = new StringBuilder("| workload | Peregrine | floor | official | of the floor | times the official SDK | memory: ours, floor, official |\n|---|---|---|---|---|---|---|\n");
        foreach (JsonNode row in Rows(results).Where(row => !((string)row["id"]!).StartsWith("gateway-", StringComparison.Ordinal)))
        {
            JsonNode? ours = Target(row, "ours"), floor = row["floor"], official = row["official"];
            bool isMore = (bool)row["higherIsBetter"]!;
            text.Append(CultureInfo.InvariantCulture, $"| {(string)row["title"]!} | {Figure(row, ours)} | {Figure(row, floor)} | {Figure(row, official)} | ");
            text.Append(Wanted(Ratio(ours, floor), row, "the floor", isMore ? "" : " times as long")).Append(" | ");
            text.Append(Wanted(isMore ? Ratio(ours, official) : Ratio(official, ours), row, "the official SDK", "")).Append(" | ").Append(Memory(ours, floor, official)).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Runs(IReadOnlyList<JsonNode> runs)
    {
        var text = new StringBuilder("| server | workload | calls/s | P50 | P99 | P99.9 | memory | errors |\n|---|---|---|---|---|---|---|---|\n");
        foreach (JsonNode run in runs)
        {
            JsonNode target = run["target"]!, workload = run["workload"]!, response = run["response"]!;
            string load = (double?)workload["rate"] is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate:#,0.#}/s by the clock") : string.Create(CultureInfo.InvariantCulture, $"{(int)workload["concurrency"]!} users");
            long memory = run["resources"]!["samples"]!.AsArray().Select(sample => (long)sample!["residentBytes"]!).DefaultIfEmpty().Max();
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {(string?)target["server"] ?? (string)target["name"]!}, {(string)target["transport"]!}, {(string)target["protocolVersion"]!} | {(string)workload["name"]!}, {load} | {Significant((double)run["throughput"]!)} | {Time((double)response["p50"]!)} | {Time((double)response["p99"]!)} | {Time((double)response["p999"]!)} | {(memory == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{memory / 1048576.0:0} MiB"))} | {(long)run["failed"]!:#,0}{((bool)run["generator"]!["isValid"]! ? "" : ", run invalid")} |\n");
        }

        return text.ToString();
    }

    internal static IEnumerable<JsonNode> Rows(JsonNode results) => results["rows"]!.AsArray().Select(row => row!);

    internal static JsonNode? Target(JsonNode row, string role) => row["targets"]!.AsArray().FirstOrDefault(target => (string)target!["role"]! == role);

    internal static string Figure(JsonNode row, JsonNode? target) => (double?)target?["median"] is not { } median ? "" :
        (bool)row["higherIsBetter"]! ? Significant(median) + "/s" : Significant(median) + " ms";

    internal static string Wanted(double? ratio, JsonNode row, string against, string unit)
    {
        if (ratio is null)
            return "";
        string? budget = row["budgets"]!.AsArray().Select(budget => (string)budget!["text"]!).FirstOrDefault(text => text.EndsWith(" x " + against, StringComparison.Ordinal));
        string value = ratio.Value.ToString(ratio < 10 ? "0.00" : "0", CultureInfo.InvariantCulture) + unit;
        return budget is null ? value : $"{value} ({budget[..^(3 + against.Length)]})";
    }

    // Within the rounds: what slows the machine for some seconds slows both.
    internal static double? Ratio(JsonNode? one, JsonNode? other)
    {
        if (one?["runs"] is not JsonArray { Count: > 0 } ones || other?["runs"] is not JsonArray { Count: > 0 } others)
            return null;
        return Median.Of(ones.Zip(others, (value, reference) => (double)value! / (double)reference!));
    }

    internal static string Memory(params ReadOnlySpan<JsonNode?> targets)
    {
        var figures = new List<string>();
        foreach (JsonNode? target in targets)
        {
            if ((long?)target?["residentBytes"] is { } bytes and > 0)
                figures.Add((bytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture));
        }

        return figures.Count == 0 ? "" : string.Join(", ", figures) + " MB";
    }

    internal static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e6 => Significant(nanoseconds / 1e3) + " µs",
        < 1e9 => Significant(nanoseconds / 1e6) + " ms",
        _ => Significant(nanoseconds / 1e9) + " s",
    };

    // Three digits: more of them would be noise.
    internal static string Significant(double value)
    {
        if (value == 0)
            return "0";
        int digits = 2 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (digits > 0)
            return value.ToString("0." + new string('#', digits), CultureInfo.InvariantCulture);
        double unit = Math.Pow(10, -digits);
        return (Math.Round(value / unit) * unit).ToString("#,0", CultureInfo.InvariantCulture);
    }
}
