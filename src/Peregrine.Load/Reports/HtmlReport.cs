using System.Globalization;
using System.Net;
using System.Text;
using Peregrine.Load.Judging;
using Peregrine.Load.Results;

namespace Peregrine.Load.Reports;

/// <summary>A result as one HTML file: charts and tables, for light and dark and for phones; nothing is loaded from anywhere.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    /// <param name="result">The result.</param>
    /// <param name="checks">What was checked beside it, such as budgets; none by default.</param>
    public static string Write(LoadResult result, IReadOnlyList<Check>? checks = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = Text($"{result.Workload.Name} on {result.Target.Server ?? result.Target.Name}"),
            ["css"] = Part("report.css"),
            ["js"] = Part("report.js"),
            ["name"] = Text(result.Target.Name),
            ["about"] = Text(About(result)),
            ["verdict"] = Verdict(result, checks ?? []),
            ["tiles"] = Tiles(result),
            ["latencyIs"] = Text(result.LatencyIs),
            ["resources"] = Resources(result),
            ["operations"] = Operations(result),
            ["errors"] = Errors(result),
            ["checks"] = ReportTables.Checks(checks ?? []),
            ["facts"] = ReportTables.Facts(result),
            ["data"] = ReportData.Write(result),
        };
        return Fill(Part("report.html"), parts);
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string About(LoadResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(result.Target.Server is { } server ? server + ", " : "")}MCP {result.Target.ProtocolVersion} over {result.Target.Transport}; workload {result.Workload.Name}, {Load(result.Workload)}, {result.DurationSeconds:0.#} s, {result.StartedAt:yyyy-MM-dd HH:mm:ss} UTC");

    private static string Load(WorkloadData workload) => workload.Rate is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"{rate:#,0.##} a second by the clock")
        : string.Create(CultureInfo.InvariantCulture, $"{workload.Concurrency:#,0} users");

    // In one pass, so that what is filled in is never taken for a place.
    private static string Fill(string page, Dictionary<string, string> parts)
    {
        var text = new StringBuilder();
        var at = 0;
        while (page.IndexOf("{{", at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = page.IndexOf("}}", open, StringComparison.Ordinal);
            text.Append(page, at, open - at).Append(parts[page[(open + 2)..close]]);
            at = close + 2;
        }

        return text.Append(page, at, page.Length - at).ToString();
    }

    private static string Part(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("Peregrine.Load.Reports.Page." + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Verdict(LoadResult result, IReadOnlyList<Check> checks)
    {
        var faults = result.Generator.Faults.ToList();
        var over = checks.Count(static check => check.Verdict == Judging.Verdict.Over);
        var (isGood, text) = !result.Generator.IsValid ? (false, "Invalid run: the generator was the bottleneck, or late")
            : result.Succeeded == 0 ? (false, "No call ended well")
            : result.Failed > 0 ? (false, string.Create(CultureInfo.InvariantCulture, $"{result.Failed:N0} calls failed"))
            : over > 0 ? (false, string.Create(CultureInfo.InvariantCulture, $"{over} of {checks.Count} checks failed"))
            : (true, checks.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"All calls right, all {checks.Count} checks passed") : "All calls right, generator not the bottleneck");
        var list = faults.Count == 0 ? "" : $"<ul class=\"faults\">{string.Concat(faults.Select(static fault => $"<li>{Text(fault)}</li>"))}</ul>";
        return $"<span class=\"verdict {(isGood ? "good" : "bad")}\">{Text(text)}</span>{list}";
    }

    private static string Tiles(LoadResult result)
    {
        var text = new StringBuilder();
        Tile($"{result.Throughput:N0}", "calls a second");
        Tile($"{Durations.Write(result.Response.P50)}", "P50");
        Tile($"{Durations.Write(result.Response.P99)}", "P99");
        Tile($"{Durations.Write(result.Response.P999)}", "P99.9");
        Tile($"{Durations.Write(result.Response.Max)}", "longest");
        Tile($"{result.Failed:N0}", "errors", result.Failed > 0);
        if (result.Resources.Samples is [.., var last])
        {
            Tile($"{last.ProcessorSeconds / result.DurationSeconds:P0}", "of a processor");
            Tile($"{result.Resources.Samples.Max(static sample => sample.ResidentBytes) / 1048576.0:0.#} MiB", "memory at most");
        }

        return text.ToString();

        void Tile(FormattableString value, string name, bool isBad = false) =>
            text.Append($"<div class=\"tile{(isBad ? " bad" : "")}\"><b>{Text(value.ToString(CultureInfo.InvariantCulture))}</b><span>{name}</span></div>");
    }

    private static string Resources(LoadResult result) => result.Resources.Samples.Count == 0
        ? $"<section><h2>Resources of the server</h2><p class=\"note\">{Text(result.Resources.Absent ?? "none seen")}</p></section>"
        : """<div class="three"><section><h2>Memory</h2><div class="chart" id="memory"></div></section><section><h2>Processor</h2><div class="chart" id="processor"></div></section><section><h2>Threads, descriptors</h2><div class="chart" id="threads"></div></section></div>""";

    private static string Operations(LoadResult result)
    {
        var text = new StringBuilder("<table><tr><th>operation</th><th>calls</th><th>errors</th><th>P50</th><th>P90</th><th>P99</th><th>P99.9</th><th>max</th></tr>");
        foreach (var one in result.Operations)
        {
            Row(one.Name, one.Succeeded, one.Failed, one.Response);
        }

        if (result.Operations.Count > 1)
        {
            Row("all", result.Succeeded, result.Failed, result.Response);
        }

        if (result.LatencyIs == LoadResult.ResponseTime)
        {
            Row("all, from when sent", result.Succeeded, result.Failed, result.Service);
        }

        if (result.Deliveries is { } deliveries)
        {
            Row("to subscribers", deliveries.Count, 0, deliveries);
        }

        if (result.Openings.Count > 0)
        {
            Row("openings of sessions", result.Openings.Count, 0, result.Openings);
        }

        return text.Append("</table>").ToString();

        void Row(string name, long succeeded, long failed, LatencyData latency) => text.Append(
            CultureInfo.InvariantCulture,
            $"<tr><td>{Text(name)}</td><td>{succeeded:N0}</td><td{(failed > 0 ? " class=\"bad\"" : "")}>{failed:N0}</td><td>{Durations.Write(latency.P50)}</td><td>{Durations.Write(latency.P90)}</td><td>{Durations.Write(latency.P99)}</td><td>{Durations.Write(latency.P999)}</td><td>{Durations.Write(latency.Max)}</td></tr>");
    }

    private static string Errors(LoadResult result)
    {
        if (result.Failed == 0)
        {
            return "";
        }

        var text = new StringBuilder("<section><h2>Errors</h2><table><tr><th>kind</th><th>count</th></tr>");
        foreach (var (kind, count) in result.Errors)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(kind)}</td><td>{count:N0}</td></tr>");
        }

        text.Append("</table>");
        foreach (var example in result.ErrorExamples)
        {
            text.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Text(example)}</p>");
        }

        return text.Append("</section>").ToString();
    }
}
