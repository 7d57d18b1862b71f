using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Targets;

namespace Peregrine.Bench.Peers.Rows;

/// <summary>What one target did in one row.</summary>
internal sealed record TargetResult(string Id, string Label, TargetRole Role)
{
    /// <summary>Why it was not measured; null when it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>How it failed; null when it did not.</summary>
    public string? Failed { get; init; }

    /// <summary>Median of <see cref="Runs"/>, in the row's unit.</summary>
    public double? Median { get; init; }

    /// <summary>Every run's value, in the order of the rounds.</summary>
    public IReadOnlyList<double> Runs { get; init; } = [];

    /// <summary>The 99th percentile of every run in microseconds, in the rows about latency; null in others.</summary>
    public IReadOnlyList<double>? TailRuns { get; init; }

    /// <summary>Median over the runs of their median latency.</summary>
    public double? P50Microseconds { get; init; }

    public double? P99Microseconds { get; init; }

    /// <summary>Processors that the server kept busy, median.</summary>
    public double? ServerProcessors { get; init; }

    /// <summary>Processors that the load generator kept busy, median.</summary>
    public double? LoadProcessors { get; init; }

    /// <summary>Processors that everything else on the machine kept busy, median.</summary>
    public double? OtherProcessors { get; init; }

    /// <summary>The load generator had no time left while the server had: the figure is the generator's.</summary>
    public bool IsLoadBound { get; init; }

    /// <summary>Memory of the server at the end of the last run.</summary>
    public long? ResidentBytes { get; init; }

    public WarmUp? WarmUp { get; init; }

    /// <summary>The command line it was started with.</summary>
    public string? Command { get; init; }
}
