using System.Globalization;

namespace Peregrine.Load.Workloads;

/// <summary>What is done to a server: which calls, by whom, how fast. Plain data: the same workload makes the same calls.</summary>
public sealed record Workload
{
    /// <summary>The most operations.</summary>
    public const int MaxOperations = 64;

    /// <summary>The most stages.</summary>
    public const int MaxStages = 1000;

    /// <summary>What results call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is good for; does not count for <see cref="Id"/>.</summary>
    public string Description { get; init; } = "";

    /// <summary>The calls; at least one.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Whether an iteration draws from the operations or takes them in turn. Default: draws.</summary>
    public StepOrder Order { get; init; } = StepOrder.Mix;

    /// <summary>Who shares a session. Default: all.</summary>
    public SessionScope Session { get; init; } = SessionScope.Shared;

    /// <summary>How long a connection is kept. Default: as long as the server keeps it.</summary>
    public ConnectionScope Connection { get; init; } = ConnectionScope.Kept;

    /// <summary>The fewest calls of one iteration, one after another as an agent's chain; 1 (the default) or more. Has no meaning in a sequence.</summary>
    public int MinCalls { get; init; } = 1;

    /// <summary>The most calls of one iteration, at most 10,000. Default 1.</summary>
    public int MaxCalls { get; init; } = 1;

    /// <summary>How long a user waits between two calls of an iteration; 0 (the default) to 1 hour.</summary>
    public TimeSpan ThinkTime { get; init; }

    /// <summary>How long a user waits between two iterations in a closed loop; 0 (the default) to 1 hour.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Subscribers that hear of what the calls change; null (the default) for none. Needs a closed loop with one user, and calls of one kind.</summary>
    public Audience? Audience { get; init; }

    /// <summary>The load over time; at least one stage, all of one kind (rate or concurrency).</summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>Where all random choices begin. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>True for an open loop: calls are due by the clock, and latency counts from then.</summary>
    public bool IsOpen => Stages is [{ Rate: not null }, ..];

    /// <summary>How long all stages take.</summary>
    public TimeSpan Duration => Stages.Aggregate(TimeSpan.Zero, static (sum, stage) => sum + stage.Duration);

    /// <summary>Names this workload by its content: the first 16 hexadecimal digits of the SHA-256 of its canonical form. Two results with different ids cannot be compared.</summary>
    public string Id => WorkloadForm.Hash(this);

    /// <summary>All that is wrong with it, each with its place; empty where nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(faults, !string.IsNullOrWhiteSpace(Name), "name: is empty");
        Require(faults, Operations.Count is >= 1 and <= MaxOperations, $"operations: 1 to {MaxOperations} are needed, found {Operations.Count}");
        Require(faults, MinCalls >= 1, $"calls.from: 1 or more, found {MinCalls}");
        Require(faults, MaxCalls >= MinCalls && MaxCalls <= 10_000, $"calls.to: calls.from to 10000, found {MaxCalls}");
        Require(faults, IsPause(ThinkTime), "think: 0 to 3600 seconds");
        Require(faults, IsPause(Pause), "pause: 0 to 3600 seconds");
        OperationRules.Check(Operations, faults);
        CheckAudience(faults);
        CheckStages(faults);
        return faults;
    }

    private static bool IsPause(TimeSpan time) => time >= TimeSpan.Zero && time <= TimeSpan.FromHours(1);

    private void CheckAudience(List<string> faults)
    {
        if (Audience is null)
        {
            return;
        }

        Require(faults, Audience.Count is >= 1 and <= Audience.MaxCount, $"audience.count: 1 to {Audience.MaxCount}, found {Audience.Count}");
        Require(faults, Audience.Uri.Length > 0, "audience.uri: is empty");
        Require(faults, Operations.All(static one => one.Kind == OperationKind.CallTool), "audience: the operations must be tools/call, of tools that change the resource");
        Require(faults, Stages.All(static stage => stage.Concurrency <= 1), "audience: needs a closed loop with one user, for else nobody knows which change was heard of");
    }

    private void CheckStages(List<string> faults)
    {
        Require(faults, Stages.Count is >= 1 and <= MaxStages, $"stages: 1 to {MaxStages} are needed, found {Stages.Count}");
        for (var i = 0; i < Stages.Count; i++)
        {
            var stage = Stages[i];
            var place = string.Create(CultureInfo.InvariantCulture, $"stages[{i}]");
            Require(faults, stage.Duration > TimeSpan.Zero && stage.Duration <= TimeSpan.FromDays(7), $"{place}.seconds: more than 0, at most 604800");
            Require(faults, stage.Rate is null != stage.Concurrency is null, $"{place}: give either rate or concurrency");
            Require(faults, stage.Rate is null or (>= 0 and <= Stage.MaxRate), $"{place}.rate: 0 to {Stage.MaxRate:0} a second");
            Require(faults, stage.Concurrency is null or (>= 0 and <= Stage.MaxConcurrency), $"{place}.concurrency: 0 to {Stage.MaxConcurrency} users");
            Require(faults, stage.Rate is null == Stages[0].Rate is null, $"{place}: all stages must have a rate, or all a concurrency");
        }

        Require(faults, Stages.Count == 0 || !Stages.All(static stage => stage.Rate == 0 || stage.Concurrency == 0), "stages: no stage has any load");
    }

    private static void Require(List<string> faults, bool fine, string fault)
    {
        if (!fine)
        {
            faults.Add(fault);
        }
    }
}
