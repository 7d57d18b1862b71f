using Peregrine.Load.Results;

namespace Peregrine.Load.Comparing;

/// <summary>
/// Two servers measured in turn, A B B A, several times over with processes or connections of their own (launches). A baseline is such a series: what is guarded first, a floor second, so
/// that it holds ratios, which mean the same on a slower day and nearly the same on another machine.
/// </summary>
public sealed record PairSeries
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>What <see cref="Kind"/> must say.</summary>
    public const string KindName = "pairs";

    /// <summary>Metrics that every round has.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["rps", "p50", "p90", "p99", "cpuPerCall"];

    /// <summary>The schema.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Tells it from other files: <see cref="KindName"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How it can be repeated; empty where it was not started by a command.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>The workload.</summary>
    public required WorkloadData Workload { get; init; }

    /// <summary>The first side.</summary>
    public required TargetData First { get; init; }

    /// <summary>The second side.</summary>
    public required TargetData Second { get; init; }

    /// <summary>The generator's machine.</summary>
    public required EnvironmentData Environment { get; init; }

    /// <summary>How long each window was, in seconds.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>The rounds of each launch.</summary>
    public required IReadOnlyList<IReadOnlyList<PairRound>> Launches { get; init; }

    /// <summary>All that is wrong with it; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(SchemaVersion == CurrentSchema, $"schemaVersion: {CurrentSchema} is known here, found {SchemaVersion}");
        Require(Kind == KindName, $"kind: must be \"{KindName}\", found \"{Kind}\"");
        Require(WindowSeconds > 0, "windowSeconds: must be more than 0");
        Require(Launches.Count > 0 && Launches.All(static launch => launch is { Count: > 0 } && !launch.Contains(null!)), "launches: each needs a round at least, and there must be one");
        Require(
            faults.Count > 0 || Launches.SelectMany(static launch => launch).All(static round => round.First is { Rps: > 0, P50: > 0 } && round.Second is { Rps: > 0, P50: > 0 }),
            "launches: a round in which no call ended well compares nothing");
        return faults;

        void Require(bool fine, string fault)
        {
            if (!fine)
            {
                faults.Add(fault);
            }
        }
    }

    /// <summary>Logarithms of first over second, round by round; empty where a figure is missing.</summary>
    public IReadOnlyList<IReadOnlyList<double>> LogRatios(string metric)
    {
        var launches = new List<IReadOnlyList<double>>();
        foreach (var launch in Launches)
        {
            var ratios = launch
                .Select(round => (First: round.First.Read(metric), Second: round.Second.Read(metric)))
                .Where(static pair => pair is { First: > 0, Second: > 0 })
                .Select(static pair => Math.Log(pair.First!.Value / pair.Second!.Value))
                .ToArray();
            if (ratios.Length > 0)
            {
                launches.Add(ratios);
            }
        }

        return launches;
    }
}
