using Peregrine.Load.Histograms;
using Peregrine.Load.Results;

namespace Peregrine.Load.Tests;

/// <summary>Results that were not measured, but could have been.</summary>
internal static class MadeResults
{
    public static LoadResult Of(double rps, long p50, int seconds = 10, long failed = 0, string workload = "0123456789abcdef", Random? noise = null)
    {
        var histogram = new Histogram();
        var count = (long)(rps * seconds);
        for (var i = 0; i < 1000; i++)
        {
            histogram.Record(i < 980 ? p50 : p50 * 10);
        }

        return new LoadResult
        {
            SchemaVersion = LoadResult.CurrentSchema,
            Unit = "ns",
            LatencyIs = LoadResult.ServiceTime,
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            CommandLine = ["peregrine", "bench", "<b>&\"x\""],
            Workload = new WorkloadData("echo", workload, "closed", null, 32, []),
            Target = new TargetData("http://127.0.0.1:1/mcp?</script><script>alert(1)", "http", "2026-07-28", "made 1"),
            Environment = EnvironmentData.Current,
            WarmUp = new WarmUpData(1, true),
            DurationSeconds = seconds,
            Succeeded = count,
            Failed = failed,
            Throughput = rps,
            Errors = failed > 0 ? new Dictionary<string, long> { ["Status"] = failed } : [],
            ErrorExamples = failed > 0 ? ["Status: HTTP 500 \u0001 <oops>"] : [],
            Response = LatencyData.Of(histogram),
            Service = LatencyData.Of(histogram),
            Openings = LatencyData.Of(new Histogram()),
            Operations = [new OperationResult("echo", "tools/call", count, failed, LatencyData.Of(histogram))],
            Series = [.. Enumerable.Range(0, seconds).Select(second => new SeriesPoint(second, (long)(rps * (1 + (((noise?.NextDouble() ?? 0.5) - 0.5) / 10))), 0, p50, p50 * 10, p50 * 10))],
            Traffic = new TrafficData(count, 0, 100, 100),
            Generator = new GeneratorData(1, 0.5, 1, LatencyData.Of(new Histogram()), true, []),
            Resources = new ResourceData(1, null, [.. Enumerable.Range(0, seconds + 1).Select(second => new ResourceSample(second, second * 0.5, (100 + second) << 20, 10, 42, 1))], new ResourceSample(0, 0, 90 << 20, 10, 10, 1)),
        };
    }
}
