using System.Globalization;
using System.Text;
using Peregrine.Load.Comparing;
using Peregrine.Load.Results;

namespace Peregrine.Cli.Measuring;

/// <summary>`peregrine bench overhead`: what a way adds to another.</summary>
internal static class Overhead
{
    internal static Task<int> RunAsync(PairPlan plan, bool json, FileInfo? file, CancellationToken cancellationToken) => Bench.GuardAsync(async () =>
    {
        var series = await PairRunner.RunAsync(plan, new Told(), cancellationToken) with { CommandLine = Bench.CommandLine };
        var bytes = PairSeriesFile.Write(series);
        await Console.Out.WriteAsync(json ? Encoding.UTF8.GetString(bytes) + "\n" : Describe(series));
        if (file is not null)
        {
            await Files.WriteAsync(file, bytes, cancellationToken);
        }

        var rounds = series.Launches.SelectMany(static launch => launch).ToArray();
        return rounds.Any(static round => round.First.Failed + round.Second.Failed > 0) ? ExitCodes.Failed : ExitCodes.Fine;
    });

    private static string Describe(PairSeries series)
    {
        var rounds = series.Launches.SelectMany(static launch => launch).ToArray();
        var text = new StringBuilder();
        Line(text, $"direct {series.Second.Name}  {series.Second.Server}");
        Line(text, $"via    {series.First.Name}  {series.First.Server}");
        Line(text, $"workload {series.Workload.Name} ({series.Workload.Id}), {series.Workload.Loop} loop, MCP {series.First.ProtocolVersion}, {series.Launches.Count} launches, {rounds.Length} rounds of {series.WindowSeconds:0.##} s");
        Line(text, $"{"",-12}{"direct",12}{"via",12}   {"added, with its 95 % interval",-34} times (95 %)");
        foreach (var (metric, label) in new[] { ("p50", "P50"), ("p90", "P90"), ("p99", "P99") })
        {
            var (added, low, high) = Comparison.Difference(series, metric);
            var (ratio, ratioLow, ratioHigh) = Comparison.Ratio(series, metric)!.Value;
            var gain = $"{Signed(added)} ({Signed(low)} to {Signed(high)})";
            Line(text, $"{label,-12}{Time(Median(rounds, round => round.Second.Read(metric)!.Value)),12}{Time(Median(rounds, round => round.First.Read(metric)!.Value)),12}   {gain,-34} {ratio:0.00} ({ratioLow:0.00} to {ratioHigh:0.00})");
        }

        var (rate, rateLow, rateHigh) = Comparison.Ratio(series, "rps")!.Value;
        Line(text, $"{"calls/s",-12}{Median(rounds, static round => round.Second.Rps),12:N0}{Median(rounds, static round => round.First.Rps),12:N0}   {"",-34} {rate:0.00} ({rateLow:0.00} to {rateHigh:0.00})");
        var failed = rounds.Sum(static round => round.First.Failed + round.Second.Failed);
        if (failed > 0)
        {
            Line(text, $"{failed:N0} calls failed");
        }

        var invalid = rounds.Count(static round => !round.First.IsValid || !round.Second.IsValid);
        if (invalid > 0)
        {
            Line(text, $"INVALID: the generator was the bottleneck, or late, in {invalid} of {rounds.Length} rounds");
        }

        return text.ToString();
    }

    private static double Median(IEnumerable<PairRound> rounds, Func<PairRound, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Time(double nanoseconds) => Durations.Write((long)nanoseconds);

    private static string Signed(double nanoseconds) => (nanoseconds < 0 ? "-" : "+") + (double.IsInfinity(nanoseconds) ? "?" : Time(Math.Abs(nanoseconds)));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private sealed class Told : IProgress<PairProgress>
    {
        public void Report(PairProgress value) => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"launch {value.Launch + 1} round {value.Round + 1}: P50 direct {Time(value.Figures.Second.P50)}, via {Time(value.Figures.First.P50)}"));
    }
}
