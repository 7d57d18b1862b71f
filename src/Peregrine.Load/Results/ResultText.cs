using System.Globalization;
using System.Text;

namespace Peregrine.Load.Results;

/// <summary>A result as a short text for people.</summary>
public static class ResultText
{
    /// <summary>The summary, several lines without a line end at its end.</summary>
    public static string Write(LoadResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        Line(text, $"{result.Target.Name}  {result.Target.Server}, MCP {result.Target.ProtocolVersion} over {result.Target.Transport}");
        Line(text, $"workload {result.Workload.Name} ({result.Workload.Id}), {result.Workload.Loop} loop, {result.DurationSeconds:0.##} s after {result.WarmUp.Seconds:0.#} s of warm-up{(result.WarmUp.IsSettled == false ? ", which did not settle" : "")}");
        foreach (var left in result.Workload.LeftOut)
        {
            Line(text, $"left out: {left}");
        }

        Line(text, $"latency is {result.LatencyIs}");
        Row(text, "", "calls", "errors", "P50", "P90", "P99", "P99.9", "max");
        foreach (var one in result.Operations)
        {
            Row(text, one.Name, one.Succeeded, one.Failed, one.Response);
        }

        if (result.Operations.Count > 1)
        {
            Row(text, "all", result.Succeeded, result.Failed, result.Response);
        }

        if (result.Deliveries is { } deliveries)
        {
            Row(text, "to subscribers", deliveries.Count, 0, deliveries);
        }

        Line(text, $"{result.Throughput:N0} calls/s; {result.Traffic.Connections:N0} new connections, {result.Traffic.Reuse:P1} of requests found one open");
        foreach (var (kind, count) in result.Errors)
        {
            Line(text, $"{count:N0} x {kind}");
        }

        foreach (var example in result.ErrorExamples)
        {
            Line(text, $"  {example.ReplaceLineEndings(" ")}");
        }

        WriteResources(text, result);
        Line(text, $"generator: busy {result.Generator.Busy:P1}, {result.Generator.ProcessorTime:0.##} s of processor time, P99 of its lag {Durations.Write(result.Generator.Lag.P99)}");
        if (result.IsWaitBound)
        {
            Line(text, $"neither server nor generator was busy all the time: waiting limited the throughput, not what they can do");
        }

        foreach (var fault in result.Generator.Faults)
        {
            Line(text, $"INVALID: {fault}");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void WriteResources(StringBuilder text, LoadResult result)
    {
        if (result.Resources.Samples is not [.., var last])
        {
            Line(text, $"resources: {result.Resources.Absent ?? "none seen"}");
            return;
        }

        var most = result.Resources.Samples.Max(static sample => sample.ResidentBytes) / 1048576.0;
        Line(text, $"server: {last.ProcessorSeconds / result.DurationSeconds:P0} of a processor, {most:0.#} MiB at most, {last.Threads} threads, {last.Descriptors} descriptors, {last.Processes} processes");
    }

    private static void Row(StringBuilder text, string name, long succeeded, long failed, LatencyData latency) => Row(
        text,
        name,
        succeeded.ToString("N0", CultureInfo.InvariantCulture),
        failed.ToString("N0", CultureInfo.InvariantCulture),
        Durations.Write(latency.P50),
        Durations.Write(latency.P90),
        Durations.Write(latency.P99),
        Durations.Write(latency.P999),
        Durations.Write(latency.Max));

    private static void Row(StringBuilder text, params string[] cells) =>
        Line(text, $"{cells[0],-20}{string.Concat(cells.Skip(1).Select(static cell => cell.PadLeft(12)))}");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
