using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Bench.Peers.Reporting;
using Peregrine.Bench.Peers.Rows;

namespace Peregrine.Bench.Peers.Soak;

/// <summary>All runs of one soak.</summary>
internal sealed record SoakReport(BenchEnvironment Environment, IReadOnlyList<SoakResult> Runs)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void WriteJson(string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            Directory.CreateDirectory(folder);
        File.WriteAllText(file, JsonSerializer.Serialize(this, s_json) + "\n");
    }

    /// <summary>Prints one run for people.</summary>
    public static void Write(TextWriter output, SoakResult run)
    {
        output.WriteLine();
        Line($"{run.Id}: {run.Title}");
        Line($"  {run.Calls:#,0} calls in {run.Seconds:0} s, {run.CallsPerSecond:#,0}/s, {run.Failed:#,0} failed");
        Line($"  P50 {run.P50Microseconds:0} µs, P99 {run.P99Microseconds:0} µs, P99.9 {run.P999Microseconds:0} µs, longest {run.MaxMicroseconds:0} µs; the gateway kept {run.GatewayProcessors:0.00} processors busy");
        Line($"  memory {run.Start.ResidentBytes / 1048576.0:0.0} to {run.End.ResidentBytes / 1048576.0:0.0} MB, descriptors {run.Start.Descriptors:0} to {run.End.Descriptors:0}, threads {run.Start.Threads:0} to {run.End.Threads:0}");
        Line($"  connections found open: {run.FrontReuse:P3} of the callers' requests, {run.UpstreamReuse:P3} of the gateway's ({run.UpstreamSocketsOpened} opened for {run.UpstreamRequests:#,0})");
        foreach ((string kind, long count) in run.Errors)
            Line($"  {kind}: {count:#,0}");
        foreach (string fault in run.GeneratorFaults)
            Line($"  INVALID: {fault}");
        foreach (BudgetResult budget in run.Budgets)
            Line($"  budget: {budget.Text}: {budget.Value:#,0.####} {(budget.IsMet == true ? "OK" : "OVER")}");

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
