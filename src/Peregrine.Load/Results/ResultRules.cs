using System.Globalization;
using Peregrine.Load.Histograms;

namespace Peregrine.Load.Results;

/// <summary>What a result must fulfil before anybody may draw conclusions from it.</summary>
internal static class ResultRules
{
    internal static IReadOnlyList<string> Check(LoadResult result)
    {
        var faults = new List<string>();
        Require(HasNoGaps(result), "a list holds null");
        if (faults.Count > 0)
        {
            return faults;
        }

        Require(result.SchemaVersion == LoadResult.CurrentSchema, $"schemaVersion: {LoadResult.CurrentSchema} is known here, found {result.SchemaVersion}");
        Require(result.Unit == "ns", $"unit: must be \"ns\", found \"{result.Unit}\"");
        Require(result.Scope.Length > 0, "scope: does not say what the figures are of");
        Require(result.LatencyIs is LoadResult.ResponseTime or LoadResult.ServiceTime, "latencyIs: does not say what latency means");
        Require(result.Workload.Id.Length == 16 && result.Workload.Id.All(char.IsAsciiHexDigitLower), "workload.id: 16 hexadecimal digits are needed");
        Require(result.Workload.Loop == (result.LatencyIs == LoadResult.ResponseTime ? "open" : "closed"), "workload.loop: does not fit latencyIs");
        Require(result.Target.Name.Length > 0, "target.name: is empty");
        Require(result.Environment.OperatingSystem.Length > 0 && result.Environment.Processors > 0, "environment: is not named");
        Require(result.DurationSeconds > 0, "durationSeconds: must be more than 0");
        Require(result.Succeeded + result.Failed > 0, "no call was counted");
        Require(IsNear(result.Throughput, result.Succeeded / result.DurationSeconds), "throughput: is not succeeded / durationSeconds");
        Require(result.Errors.Values.Sum(static one => (decimal)one) == result.Failed, "errors: do not add up to failed");
        Require(result.Operations.Sum(static one => (decimal)one.Succeeded) == result.Succeeded, "operations: do not add up to succeeded");
        Require(result.Series.Sum(static one => (decimal)one.Succeeded) == result.Succeeded, "series: does not add up to succeeded");
        Require(result.Series.Sum(static one => (decimal)one.Failed) == result.Failed, "series: does not add up to failed");
        Require(result.Response.Count >= result.Succeeded, "response.count: is less than succeeded");
        CheckLatency("response", result.Response);
        CheckLatency("service", result.Service);
        CheckLatency("openings", result.Openings);
        if (result.Deliveries is { } deliveries)
        {
            CheckLatency("deliveries", deliveries);
        }

        CheckLatency("generator.lag", result.Generator.Lag);
        for (var i = 0; i < result.Operations.Count; i++)
        {
            CheckLatency(string.Create(CultureInfo.InvariantCulture, $"operations[{i}].response"), result.Operations[i].Response);
        }

        return faults;

        void Require(bool fine, string fault)
        {
            if (!fine)
            {
                faults.Add(fault);
            }
        }

        void CheckLatency(string place, LatencyData data)
        {
            try
            {
                Require(data == LatencyData.Of(Histogram.FromCompact(data.Raw)), $"{place}: the figures are not those of its raw histogram");
            }
            catch (FormatException exception)
            {
                faults.Add($"{place}.raw: {exception.Message}");
            }
        }
    }

    // Of the elements of lists the reader does not say so.
    private static bool HasNoGaps(LoadResult result) =>
        !result.Operations.Contains(null!) && !result.Series.Contains(null!) && !result.Resources.Samples.Contains(null!)
        && !result.CommandLine.Concat(result.Workload.LeftOut).Concat(result.ErrorExamples).Concat(result.Generator.Faults).Contains(null!);

    private static bool IsNear(double one, double other) => Math.Abs(one - other) <= Math.Max(0.001, Math.Abs(other) * 0.001);
}
