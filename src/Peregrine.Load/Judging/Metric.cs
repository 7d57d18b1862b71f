using System.Globalization;
using Peregrine.Load.Results;

namespace Peregrine.Load.Judging;

/// <summary>A figure of a result that has a name: <c>p50</c>, <c>p99.9</c>, <c>rps</c>, <c>memory</c> and so on.</summary>
public sealed record Metric
{
    private const string Subscribers = "subscribers";

    private static readonly Dictionary<string, MetricKind> Kinds = new(StringComparer.Ordinal)
    {
        ["mean"] = MetricKind.Latency,
        ["max"] = MetricKind.Latency,
        ["rps"] = MetricKind.Rate,
        ["errors"] = MetricKind.Share,
        ["memory"] = MetricKind.Bytes,
        ["growth"] = MetricKind.Bytes,
        ["growthPerThousand"] = MetricKind.Bytes,
        ["bytesPerConnection"] = MetricKind.Bytes,
        ["cpu"] = MetricKind.Share,
        ["cpuPerCall"] = MetricKind.Latency,
        ["threads"] = MetricKind.Count,
        ["descriptors"] = MetricKind.Count,
    };

    private Metric(string name, MetricKind kind) => (Name, Kind) = (name, kind);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>True where more is better.</summary>
    public bool IsMoreBetter => Kind == MetricKind.Rate;

    /// <summary>How large a change of it counts, as a share, where nothing else is said: tails and memory are noisier than middles.</summary>
    public double Tolerance => Name switch
    {
        "rps" or "p50" or "mean" or "cpuPerCall" or "cpu" => 0.075,
        "memory" => 0.25,
        "p90" or "p95" => 0.15,
        _ => 0.25,
    };

    internal MetricKind Kind { get; }

    /// <summary>Finds a metric: <c>rps</c>, <c>mean</c>, <c>p50</c> (any percentile), <c>max</c>, <c>errors</c> (share of calls), <c>memory</c> (most), <c>growth</c> (memory, from the first to the last
    /// quarter), <c>growthPerThousand</c> (the same for 1,000 calls), <c>bytesPerConnection</c>, <c>cpu</c> (processors), <c>cpuPerCall</c> (time), <c>threads</c>, <c>descriptors</c>.</summary>
    /// <returns>The metric, or null where there is none of that name.</returns>
    public static Metric? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Kinds.TryGetValue(name, out var kind))
        {
            return new Metric(name, kind);
        }

        return Percentile(name) is > 0 and < 1 ? new Metric(name, MetricKind.Latency) : null;
    }

    /// <summary>All names, for messages.</summary>
    public static string Names => "p50 (any percentile), " + string.Join(", ", Kinds.Keys);

    /// <summary>Reads the figure: durations in nanoseconds, memory in bytes, shares from 0 to 1.</summary>
    /// <param name="result">The result.</param>
    /// <param name="operation">One operation's figure; <c>subscribers</c> for latencies to each of an audience; null for that of all.</param>
    /// <returns>The figure; null where it was not measured.</returns>
    public double? Read(LoadResult result, string? operation = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (operation == Subscribers && result.Deliveries is { Count: > 0 } deliveries)
        {
            return Kind == MetricKind.Latency && Name != "cpuPerCall" ? ReadLatency(deliveries) : null;
        }

        var one = operation is null ? null : result.Operations.FirstOrDefault(candidate => candidate.Name == operation);
        if (operation is not null && one is null)
        {
            return null;
        }

        var (succeeded, failed, latency) = one is null ? (result.Succeeded, result.Failed, result.Response) : (one.Succeeded, one.Failed, one.Response);
        return Name switch
        {
            "rps" => succeeded / result.DurationSeconds,
            "errors" => succeeded + failed == 0 ? null : (double)failed / (succeeded + failed),
            _ when Kind == MetricKind.Latency && Name != "cpuPerCall" => latency.Count == 0 ? null : ReadLatency(latency),
            _ => one is null ? ReadResources(result) : null,
        };
    }

    /// <summary>The figure for people.</summary>
    public string Write(double value) => Kind switch
    {
        MetricKind.Latency => Durations.Write((long)Math.Round(value)),
        MetricKind.Bytes => Units.WriteBytes(value),
        MetricKind.Share when Name == "errors" => value.ToString("0.###%", CultureInfo.InvariantCulture),
        MetricKind.Rate => value.ToString("#,0.#", CultureInfo.InvariantCulture) + "/s",
        _ => value.ToString("#,0.##", CultureInfo.InvariantCulture),
    };

    private static double? Percentile(string name) =>
        name.StartsWith('p') && double.TryParse(name.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? percent / 100 : null;

    private static double Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private double ReadLatency(LatencyData latency) => Name switch
    {
        "mean" => latency.Mean,
        "max" => latency.Max,
        "p50" => latency.P50,
        "p90" => latency.P90,
        "p99" => latency.P99,
        _ => latency.ToHistogram().Quantile(Percentile(Name)!.Value),
    };

    private double? ReadResources(LoadResult result)
    {
        if (result.Resources.Samples is not [.., var last])
        {
            return null;
        }

        var samples = result.Resources.Samples;
        return Name switch
        {
            "memory" => samples.Max(static sample => sample.ResidentBytes),
            "growth" => Growth(samples),
            "growthPerThousand" => result.Succeeded == 0 ? null : Growth(samples) * 1000 / result.Succeeded,
            "bytesPerConnection" => PerConnection(result.Resources),
            "cpu" => last.ProcessorSeconds / result.DurationSeconds,
            "cpuPerCall" => result.Succeeded == 0 ? null : last.ProcessorSeconds * 1e9 / result.Succeeded,
            "threads" => samples.Max(static sample => sample.Threads),
            _ => samples.Max(static sample => sample.Descriptors) is var most and >= 0 ? most : null,
        };
    }

    // Quarters, not ends: a collection more or less must not decide.
    private static double Growth(IReadOnlyList<ResourceSample> samples)
    {
        var quarter = Math.Max(1, samples.Count / 4);
        return Median(samples.TakeLast(quarter).Select(static sample => sample.ResidentBytes)) - Median(samples.Take(quarter).Select(static sample => sample.ResidentBytes));
    }

    // What came on top of the server that nobody had called yet, for each descriptor that came on top.
    private static double? PerConnection(ResourceData resources)
    {
        var most = resources.Samples.Max(static sample => sample.Descriptors);
        var bytes = resources.Samples.Where(sample => sample.Descriptors == most).Max(static sample => sample.ResidentBytes);
        return resources.Before is { Descriptors: >= 0 } before && most > before.Descriptors ? (double)(bytes - before.ResidentBytes) / (most - before.Descriptors) : null;
    }
}
