using System.CommandLine;
using Peregrine.Load.Comparing;
using Peregrine.Load.Judging;
using Peregrine.Load.Results;

namespace Peregrine.Cli.Measuring;

/// <summary>`peregrine compare A B`: tells what changed between two measurements.</summary>
internal sealed class CompareCommand
{
    private const int HeadLength = 400;

    private readonly Argument<FileInfo> _before = new("a") { Description = "Before: results (peregrine bench --out) or ratios (--save-baseline)." };
    private readonly Argument<FileInfo> _after = new("b") { Description = "After: the same kind of file, of the same workload." };
    private readonly Option<string> _metrics = new("--metrics") { Description = "What to compare (default: rps,p50,p90,p99,cpuPerCall).", DefaultValueFactory = static _ => "rps,p50,p90,p99,cpuPerCall" };
    private readonly Option<double?> _tolerance = new("--tolerance") { Description = "How much worse, in percent, is a regression (default: 7.5 for rps and p50, more for tails)." };
    private readonly Option<string?> _operation = new("--operation") { Description = "Compare this operation alone." };

    internal static Command Create()
    {
        var compare = new CompareCommand();
        var command = new Command("compare", """
            Compare two measurements of one workload, with 95 % confidence intervals. The exit code is 1 where B is worse than A by more than the tolerance and more than noise explains.

            Examples:
              peregrine compare before.json after.json
              peregrine compare --metrics p99 --tolerance 10 before.json after.json
            """) { compare._before, compare._after, compare._metrics, compare._tolerance, compare._operation };
        command.SetAction((result, _) => compare.RunAsync(result));
        return command;
    }

    private Task<int> RunAsync(ParseResult result) => Bench.GuardAsync(async () =>
    {
        var faults = new List<string>();
        var judging = MetricList.Read(result.GetValue(_metrics)!, result.GetValue(_tolerance), faults);
        var (before, after) = (result.GetValue(_before)!, result.GetValue(_after)!);
        var changes = faults.Count > 0 ? [] : IsPairs(before) ? ComparePairs(before, after, judging!, faults) : CompareResults(before, after, judging!, result.GetValue(_operation), faults);
        if (faults.Count > 0)
        {
            return await BenchCommand.RefuseAsync(faults);
        }

        foreach (var change in changes)
        {
            var verdict = double.IsNaN(change.Ratio) ? "absent" : change.Verdict == Verdict.Ok && change.IsBetter ? "BETTER" : change.Verdict.ToString().ToUpperInvariant();
            await Console.Out.WriteLineAsync($"{verdict,-8}{change.Metric.Name,-12} {(double.IsNaN(change.Ratio) ? "not measured in both" : change.ToString())}");
        }

        return changes.Any(static change => change.Verdict == Verdict.Over) ? ExitCodes.Failed : ExitCodes.Fine;
    });

    /// <summary>True where a file holds a series of pairs rather than results.</summary>
    internal static bool IsPairs(ReadOnlySpan<byte> file) => file[..Math.Min(file.Length, HeadLength)].IndexOf("\"kind\": \"pairs\""u8) >= 0;

    private static bool IsPairs(FileInfo file) => Files.TryRead(file, ResultReading.MaxLength, out _) is { } bytes && IsPairs(bytes);

    private static IReadOnlyList<Change> ComparePairs(FileInfo before, FileInfo after, MetricList judging, List<string> faults)
    {
        var (one, other) = (Gate.Read(before, out var wrong), Gate.Read(after, out var wrongToo));
        faults.AddRange([.. wrong, .. wrongToo]);
        return one is null || other is null ? [] : Comparison.Of(one, other, judging.Metrics, judging.Tolerance);
    }

    private static IReadOnlyList<Change> CompareResults(FileInfo before, FileInfo after, MetricList judging, string? operation, List<string> faults)
    {
        var (one, other) = (ResultReading.Read(before, out var wrong), ResultReading.Read(after, out var wrongToo));
        faults.AddRange([.. wrong, .. wrongToo]);
        if (one is null || other is null)
        {
            return [];
        }

        if (one.Concat(other).Any(static run => !run.Generator.IsValid))
        {
            faults.Add("a run is invalid: its generator was the bottleneck, so that it says nothing about the server");
            return [];
        }

        if (one.Count == 1 || other.Count == 1)
        {
            Console.Error.WriteLine("peregrine: one run on a side shows no scatter between runs; its seconds stand for it, and intervals are too narrow. Use --runs.");
        }

        return Comparison.Of(one, other, judging.Metrics, operation, judging.Tolerance);
    }
}
