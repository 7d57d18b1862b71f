using System.Globalization;
using System.Text;
using Peregrine.Load.Judging;
using Peregrine.Load.Results;

namespace Peregrine.Load.Reports;

/// <summary>The tables at the end of a report.</summary>
internal static class ReportTables
{
    internal static string Checks(IReadOnlyList<Check> checks)
    {
        if (checks.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder("<section><h2>Checks</h2><div class=\"scroll\"><table><tr><th>check</th><th>verdict</th><th></th></tr>");
        foreach (var check in checks)
        {
            var verdict = check.Verdict.ToString().ToUpperInvariant();
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{HtmlReport.Text(check.Name)}</td><td class=\"{(check.Verdict == Verdict.Over ? "over" : "ok")}\">{verdict}</td><td class=\"wide\">{HtmlReport.Text(check.Detail)}</td></tr>");
        }

        return text.Append("</table></div></section>").ToString();
    }

    internal static string Facts(LoadResult result)
    {
        var text = new StringBuilder("<table class=\"facts\">");
        Row("command", string.Join(' ', result.CommandLine));
        Row("workload", $"{result.Workload.Name}, id {result.Workload.Id}, {result.Workload.Loop} loop{string.Concat(result.Workload.LeftOut.Select(static left => "; left out: " + left))}");
        Row("warm-up", string.Create(CultureInfo.InvariantCulture, $"{result.WarmUp.Seconds:0.#} s{result.WarmUp.IsSettled switch { true => ", until three seconds agreed", false => ", did not settle", null => "" }}"));
        Row("wire", string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Traffic.Requests:N0} requests on {result.Traffic.Connections:N0} new connections ({result.Traffic.Reuse:P1} found one open), {Mebibytes(result.Traffic.BytesSent)} sent, {Mebibytes(result.Traffic.BytesReceived)} received"));
        Row("generator", string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Environment.Generator}, {result.Generator.Workers} thread{(result.Generator.Workers == 1 ? "" : "s")}, busy {result.Generator.Busy:P1}, {result.Generator.ProcessorTime:0.##} s of processor time; P99 of its own lag {Durations.Write(result.Generator.Lag.P99)}"));
        Row("machine", string.Create(CultureInfo.InvariantCulture, $"{result.Environment.OperatingSystem}, {result.Environment.Architecture}, {result.Environment.Processors} processors, {result.Environment.Runtime}"));
        return text.Append("</table>").ToString();

        void Row(string name, string value)
        {
            if (value.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"<tr><td>{name}</td><td>{HtmlReport.Text(value)}</td></tr>");
            }
        }
    }

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.##} MiB");
}
