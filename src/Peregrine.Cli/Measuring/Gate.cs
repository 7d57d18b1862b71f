using System.Globalization;
using System.Text;
using Peregrine.Load.Comparing;
using Peregrine.Load.Judging;

namespace Peregrine.Cli.Measuring;

/// <summary>`peregrine bench --floor`: measures a target and its floor in turn, and judges their ratio.</summary>
internal static class Gate
{
    internal static Task<int> RunAsync(GateRequest request, MetricList judging, CancellationToken cancellationToken) => Bench.GuardAsync(async () =>
    {
        PairSeries? before = null;
        if (request.Baseline is { } file)
        {
            before = Read(file, out var faults);
            if (before is null)
            {
                return await BenchCommand.RefuseAsync(faults);
            }

            if (Bench.Differs(file, before.Workload, request.Plan.Workload) is { } fault)
            {
                return await BenchCommand.RefuseAsync([fault]);
            }
        }

        var series = await PairRunner.RunAsync(request.Plan, new Told(), cancellationToken);
        var checks = Judge(series, before, judging);
        if (before is not null && checks.Any(static check => check.Verdict == Verdict.Unclear) && checks.All(static check => check.Verdict != Verdict.Over))
        {
            // Once more as much: what noise hides, more launches may show.
            await Console.Error.WriteLineAsync("peregrine: too noisy to tell; measuring as much again");
            var more = await PairRunner.RunAsync(request.Plan, new Told(), cancellationToken);
            series = series with { Launches = [.. series.Launches, .. more.Launches] };
            checks = Judge(series, before, judging);
        }

        series = series with { CommandLine = Bench.CommandLine };
        await WriteAsync(request, series, checks, cancellationToken);
        return checks.All(static check => check.Verdict != Verdict.Over) ? ExitCodes.Fine : ExitCodes.Failed;
    });

    /// <summary>Reads a baseline.</summary>
    internal static PairSeries? Read(FileInfo file, out IReadOnlyList<string> faults)
    {
        if (Files.TryRead(file, ResultReading.MaxLength, out var error) is not { } bytes)
        {
            faults = [file.Exists ? error : $"there is no baseline {file}; make it with --save-baseline"];
            return null;
        }

        var series = PairSeriesFile.Read(bytes, out var wrong);
        faults = [.. wrong.Select(fault => $"{file.Name}: {fault}")];
        return series;
    }

    /// <summary>The ratios, a line each.</summary>
    internal static string Describe(PairSeries series)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{series.First.Name} over {series.Second.Name}, MCP {series.First.ProtocolVersion}, workload {series.Workload.Name} ({series.Workload.Id}), {series.Launches.Count} launches, {series.Launches.Sum(static launch => launch.Count)} rounds of {series.WindowSeconds:0.##} s\n");
        foreach (var metric in PairSeries.Metrics)
        {
            if (Comparison.Ratio(series, metric) is var (ratio, low, high))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {metric,-11} {ratio,7:0.000} ({low:0.000} to {high:0.000})\n");
            }
        }

        var invalid = series.Launches.SelectMany(static launch => launch).Count(static round => !round.First.IsValid || !round.Second.IsValid);
        if (invalid > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  the generator was the bottleneck, or late, in {invalid} rounds\n");
        }

        return text.ToString();
    }

    private static List<Check> Judge(PairSeries series, PairSeries? before, MetricList judging)
    {
        List<Check> checks = before is null ? [] : [.. Comparison.Of(before, series, judging.Metrics, judging.Tolerance).Select(static change => change.ToCheck())];
        var failed = series.Launches.SelectMany(static launch => launch).Sum(static round => round.First.Failed);
        checks.Add(new Check("errors", failed == 0 ? Verdict.Ok : Verdict.Over, string.Create(CultureInfo.InvariantCulture, $"{failed:N0} calls failed")));
        return checks;
    }

    private static async Task WriteAsync(GateRequest request, PairSeries series, List<Check> checks, CancellationToken cancellationToken)
    {
        var json = PairSeriesFile.Write(series);
        await Console.Out.WriteAsync(request.Output.Json ? Encoding.UTF8.GetString(json) + "\n" : Describe(series));
        Bench.Tell(checks, request.Output.Json ? Console.Error : Console.Out);
        foreach (var file in new[] { request.Output.Out, request.SaveBaseline }.OfType<FileInfo>())
        {
            await Files.WriteAsync(file, json, cancellationToken);
        }
    }

    private sealed class Told : IProgress<PairProgress>
    {
        public void Report(PairProgress value) => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"launch {value.Launch + 1} round {value.Round + 1}: {value.Figures.First.Rps,10:N0}/s, floor {value.Figures.Second.Rps,10:N0}/s, ratio {value.Figures.First.Rps / value.Figures.Second.Rps:0.000}"));
    }
}
