using System.Globalization;
using Peregrine.Load.Comparing;
using Peregrine.Load.Driving;
using Peregrine.Load.Judging;

namespace Peregrine.Bench.Generator.Power;

/// <summary>
/// Launches of an unchanged server and of one whose calls take 15 % longer, measured in turn as the gate measures them, kept in two files. Of those launches many tries of the gate are put
/// together: how often does it find the slowdown, how often does it let the unchanged pass?
/// </summary>
internal static class PowerSeries
{
    private const double Slowdown = 0.15;
    private const int Rounds = 8;
    private const int Tries = 10_000;
    private const int BaselineLaunches = 10;
    private const int TryLaunches = 3;

    private static readonly FileInfo Unchanged = new(Path.Combine(Programs.Results, "gate-power-unchanged.json"));
    private static readonly FileInfo Slowed = new(Path.Combine(Programs.Results, "gate-power-slowed.json"));

    public static async Task<int> MeasureAsync(int launches)
    {
        Programs.Pin();
        var (unchanged, slowed) = (Read(Unchanged), Read(Slowed));
        var spin = SpinOf(slowed) ?? await CalibrateAsync();
        while (Count(unchanged) < launches || Count(slowed) < launches)
        {
            unchanged = await AddAsync(unchanged, Unchanged, 0);
            slowed = await AddAsync(slowed, Slowed, spin);
            Console.WriteLine($"{Count(unchanged)} of {launches} launches");
        }

        return Report();
    }

    public static int Report()
    {
        if (Read(Unchanged) is not { } unchanged || Read(Slowed) is not { } slowed)
        {
            Console.Error.WriteLine("nothing was measured yet: power measure --launches 40");
            return 1;
        }

        foreach (var metric in new[] { "rps", "p50" })
        {
            var (before, after) = (Comparison.Ratio(unchanged, metric)!.Value, Comparison.Ratio(slowed, metric)!.Value);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric}: ratio to the floor unchanged {before.Ratio:0.000}, slowed {after.Ratio:0.000}, which is {(after.Ratio / before.Ratio) - 1:+0.0%;-0.0%}"));
        }

        Metric[] metrics = [Metric.Find("rps")!, Metric.Find("p50")!];
        var (found, passed) = (
            GatePower.Simulate(unchanged, slowed, metrics, BaselineLaunches, TryLaunches, Tries),
            GatePower.Simulate(unchanged, unchanged, metrics, BaselineLaunches, TryLaunches, Tries));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"of {Tries:N0} tries ({TryLaunches} launches, baseline of {BaselineLaunches}): slowed found {found.Over:P2} (unclear {found.Unclear:P2}); unchanged passed {1 - passed.Over:P2} (unclear {passed.Unclear:P2}); from {Count(unchanged)} launches"));
        return found.Over >= 0.99 && passed.Over <= 0.01 ? 0 : 1;
    }

    private static int Count(PairSeries? series) => series?.Launches.Count ?? 0;

    private static PairSeries? Read(FileInfo file)
    {
        if (!File.Exists(file.FullName))
        {
            return null;
        }

        return PairSeriesFile.Read(File.ReadAllBytes(file.FullName), out var faults) ?? throw new InvalidOperationException($"{file}: {string.Join("; ", faults)}");
    }

    private static async Task<PairSeries> AddAsync(PairSeries? before, FileInfo file, int spin)
    {
        var more = await PairRunner.RunAsync(Plan(spin, Rounds) with { Launches = 1 });
        var all = before is null ? more with { CommandLine = ["power", "measure", "--spin", Programs.Text(spin)] } : before with { Launches = [.. before.Launches, .. more.Launches] };
        await File.WriteAllBytesAsync(file.FullName, PairSeriesFile.Write(all));
        return all;
    }

    private static int? SpinOf(PairSeries? series) => series is { CommandLine: [.., var spin] } ? Programs.Number(spin) : null;

    private static PairPlan Plan(int spin, int rounds) => new()
    {
        First = Programs.Slowed(spin),
        Second = Programs.StdioFloor,
        Workload = Programs.Echo with { Stages = [new() { Duration = TimeSpan.FromSeconds(1), Concurrency = 64 }] },
        Options = new LoadOptions { WarmUp = TimeSpan.FromSeconds(8), ProtocolVersion = "2025-11-25" },
        Rounds = rounds,
        Launches = 1,
        Window = TimeSpan.FromSeconds(0.5),
    };

    // As long as a call takes of the server's processor, 15 % of it; then by what it does to the throughput, the middle of all tries, for one launch differs from the next.
    private static async Task<int> CalibrateAsync()
    {
        var plain = await PairRunner.RunAsync(Plan(0, 16));
        var spin = Slowdown * plain.Launches[0].Average(static round => round.First.CpuPerCall ?? 1e9 / round.First.Rps);
        var calls = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            var before = await PairRunner.RunAsync(Plan(0, 12));
            var after = await PairRunner.RunAsync(Plan((int)spin, 12));
            var slower = (Comparison.Ratio(before, "rps")!.Value.Ratio / Comparison.Ratio(after, "rps")!.Value.Ratio) - 1;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{spin:0} ns more a call: {slower:P1} slower"));
            calls.Add(spin / Math.Max(0.01, slower));
            calls.Sort();
            spin = Slowdown * calls[calls.Count / 2];
        }

        return (int)spin;
    }
}
