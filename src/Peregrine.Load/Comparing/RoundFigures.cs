using Peregrine.Load.Results;

namespace Peregrine.Load.Comparing;

/// <summary>The figures of one window. Durations in nanoseconds.</summary>
/// <param name="Rps">Calls a second that ended well.</param>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P90">90 of 100.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="CpuPerCall">Processor time of the server for each call; null where it was not seen.</param>
/// <param name="Failed">Calls that failed.</param>
/// <param name="IsValid">False where the generator was the bottleneck.</param>
public sealed record RoundFigures(double Rps, double P50, double P90, double P99, double? CpuPerCall, long Failed, bool IsValid)
{
    /// <summary>Takes them out of a result.</summary>
    public static RoundFigures Of(LoadResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new RoundFigures(
            Math.Round(result.Throughput, 2),
            result.Response.P50,
            result.Response.P90,
            result.Response.P99,
            Judging.Metric.Find("cpuPerCall")!.Read(result) is { } time and > 0 ? Math.Round(time) : null,
            result.Failed,
            result.Generator.IsValid);
    }

    /// <summary>The figure of that name; null where there is none, or it was not measured.</summary>
    public double? Read(string metric) => metric switch
    {
        "rps" => Rps,
        "p50" => P50,
        "p90" => P90,
        "p99" => P99,
        "cpuPerCall" => CpuPerCall,
        _ => null,
    };
}
