namespace Peregrine.Load.Results;

/// <summary>What a run brought. All durations in nanoseconds unless their name says otherwise.</summary>
public sealed record LoadResult
{
    /// <summary>The schema that this version writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>What latency means in an open loop.</summary>
    public const string ResponseTime = "response time, from when a call was due";

    /// <summary>What latency means in a closed loop: a stalled server delays calls that are then never counted.</summary>
    public const string ServiceTime = "service time, from when a call was sent";

    /// <summary>Where the figures were taken.</summary>
    public const string ScopeOfRun = "one server: a call is a request and its reply, timed and counted at the generator; resources are those of the server's process and its descendants";

    private const double BusyShare = 0.95;

    /// <summary>The schema of this result.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The unit of durations: <c>ns</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What the figures are of: <see cref="ScopeOfRun"/>.</summary>
    public string Scope { get; init; } = ScopeOfRun;

    /// <summary>What <see cref="Response"/> means: <see cref="ResponseTime"/> or <see cref="ServiceTime"/>.</summary>
    public required string LatencyIs { get; init; }

    /// <summary>When the measurement began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How the run can be repeated; empty where it was not started by a command.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>The workload.</summary>
    public required WorkloadData Workload { get; init; }

    /// <summary>The server.</summary>
    public required TargetData Target { get; init; }

    /// <summary>The generator's machine.</summary>
    public required EnvironmentData Environment { get; init; }

    /// <summary>The warm-up, none of which is counted.</summary>
    public required WarmUpData WarmUp { get; init; }

    /// <summary>From the start of the measurement to the end of its last call, but not less than was asked for; in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Calls that ended well.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Calls that did not.</summary>
    public required long Failed { get; init; }

    /// <summary>Calls a second that ended well.</summary>
    public required double Throughput { get; init; }

    /// <summary>Failures by kind.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>What the first failures looked like.</summary>
    public required IReadOnlyList<string> ErrorExamples { get; init; }

    /// <summary>Latency of calls that ended well, and of those that timed out; see <see cref="LatencyIs"/>.</summary>
    public required LatencyData Response { get; init; }

    /// <summary>The same calls, from when they were sent.</summary>
    public required LatencyData Service { get; init; }

    /// <summary>Openings of sessions during the measurement, connections included.</summary>
    public required LatencyData Openings { get; init; }

    /// <summary>From when a call was sent to when a subscriber heard of its change, for every subscriber; null where the workload has no audience.</summary>
    public LatencyData? Deliveries { get; init; }

    /// <summary>Each operation.</summary>
    public required IReadOnlyList<OperationResult> Operations { get; init; }

    /// <summary>Second by second.</summary>
    public required IReadOnlyList<SeriesPoint> Series { get; init; }

    /// <summary>What went over the wire.</summary>
    public required TrafficData Traffic { get; init; }

    /// <summary>The generator.</summary>
    public required GeneratorData Generator { get; init; }

    /// <summary>The target's processes.</summary>
    public required ResourceData Resources { get; init; }

    /// <summary>
    /// True where several users called as fast as they could, and yet neither the server nor the generator was busy all the time: waiting limited the throughput (wake-ups, too few users, the server's own
    /// waits, or other programs on the machine), not what either can do. False where the server's processes were not seen.
    /// </summary>
    public bool IsWaitBound => Workload is { Loop: "closed", Concurrency: > 1 } && Resources.Samples is [.., var last] && last.ProcessorSeconds < BusyShare * DurationSeconds && Generator.Busy < BusyShare;

    /// <summary>True where there were calls, none failed, and the generator was not the bottleneck.</summary>
    public bool IsFine => Succeeded > 0 && Failed == 0 && Generator.IsValid;
}
