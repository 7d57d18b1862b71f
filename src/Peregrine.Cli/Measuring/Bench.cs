using System.Text;
using Peregrine.Load.Comparing;
using Peregrine.Load.Driving;
using Peregrine.Load.Judging;
using Peregrine.Load.Reports;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;

namespace Peregrine.Cli.Measuring;

/// <summary>`peregrine bench`: makes load and tells what became of it.</summary>
internal static class Bench
{
    /// <summary>The command line, as results keep it.</summary>
    internal static IReadOnlyList<string> CommandLine => RecordedCommand.Of(Environment.GetCommandLineArgs().AsSpan(1));

    internal static Task<int> RunAsync(BenchRequest request, MetricList judging, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        IReadOnlyList<LoadResult>? before = null;
        if (request.Baseline is { } baseline)
        {
            before = ResultReading.Read(baseline, out var faults);
            if (before is null)
            {
                return await BenchCommand.RefuseAsync(faults);
            }

            if (Differs(baseline, before[0].Workload, request.Workload) is { } fault)
            {
                return await BenchCommand.RefuseAsync([fault]);
            }
        }

        var results = new List<LoadResult>();
        for (var run = 0; run < request.Runs; run++)
        {
            results.Add(await MeasureAsync(request, cancellationToken) with { CommandLine = CommandLine });
            if (!request.Output.Json)
            {
                await Console.Out.WriteLineAsync(ResultText.Write(results[^1]));
            }
        }

        var checks = Judge(request, judging, results, before);
        await WriteAsync(request.Output, results, checks, cancellationToken);
        return results.All(static result => result.IsFine) && checks.All(static check => check.Verdict != Verdict.Over) ? ExitCodes.Fine : ExitCodes.Failed;
    });

    /// <summary>`peregrine bench validate`: finds what is wrong with a result.</summary>
    internal static async Task<int> ValidateAsync(FileInfo file, CancellationToken cancellationToken)
    {
        if (Files.TryRead(file, ResultReading.MaxLength, out var error) is not { } bytes)
        {
            await Console.Error.WriteLineAsync($"peregrine: {error}");
            return ExitCodes.BadUsage;
        }

        IReadOnlyList<string> faults;
        if (CompareCommand.IsPairs(bytes))
        {
            PairSeriesFile.Read(bytes, out faults);
        }
        else
        {
            ResultFile.ReadMany(bytes, out faults);
        }

        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"{file.Name}: {fault}");
        }

        return faults.Count == 0 ? ExitCodes.Fine : ExitCodes.Failed;
    }

    /// <summary>What is wrong with a baseline of another workload, which must be told before the run and not after it; null where it is of the same.</summary>
    internal static string? Differs(FileInfo baseline, WorkloadData before, Workload now) => before.Id == now.Id
        ? null
        : $"{baseline.Name} is of the workload {before.Name} ({before.Id}), and this would be {now.Name} ({now.Id}): they cannot be compared. Ask for the same preset, users or rate, and duration, or make a baseline anew";

    /// <summary>Does something that measures, and tells what went wrong.</summary>
    internal static async Task<int> GuardAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (LoadException exception)
        {
            await Console.Error.WriteLineAsync($"peregrine: {exception.Message}");
            return ExitCodes.NotReached;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"peregrine: {exception.Message}");
            return ExitCodes.BadUsage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("peregrine: stopped; there is no result.");
            return ExitCodes.Failed;
        }
    }

    internal static void Tell(IEnumerable<Check> checks, TextWriter to)
    {
        foreach (var check in checks)
        {
            to.WriteLine($"{check.Verdict.ToString().ToUpperInvariant(),-8}{check.Name}: {check.Detail}");
        }
    }

    private static async Task<LoadResult> MeasureAsync(BenchRequest request, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            return await LoadRunner.RunAsync(request.Target, request.Workload, request.Options, new ProgressLines(), cancellationToken);
        }

        return await LiveView.RunAsync(request, cancellationToken);
    }

    private static List<Check> Judge(BenchRequest request, MetricList judging, List<LoadResult> results, IReadOnlyList<LoadResult>? before)
    {
        List<Check> checks = [.. results.SelectMany(result => request.Output.Budgets.Select(budget => budget.Judge(result)))];
        if (before is not null)
        {
            checks.AddRange(Comparison.Of(before, results, judging.Metrics, null, judging.Tolerance).Select(static change => change.ToCheck()));
        }

        return checks;
    }

    private static async Task WriteAsync(BenchOutput output, List<LoadResult> results, List<Check> checks, CancellationToken cancellationToken)
    {
        var json = results.Count == 1 ? ResultFile.Write(results[0]) : ResultFile.WriteMany(results);
        if (output.Json)
        {
            await Console.Out.WriteLineAsync(Encoding.UTF8.GetString(json));
        }

        Tell(checks, output.Json ? Console.Error : Console.Out);
        if (output.Out is not null)
        {
            await Files.WriteAsync(output.Out, json, cancellationToken);
        }

        if (output.Report is not null)
        {
            await Files.WriteAsync(output.Report, Encoding.UTF8.GetBytes(HtmlReport.Write(results[^1], checks)), cancellationToken);
        }

        if (output.JUnit is not null)
        {
            await Files.WriteAsync(output.JUnit, Encoding.UTF8.GetBytes(JUnitReport.Write(results[^1], checks)), cancellationToken);
        }
    }
}
