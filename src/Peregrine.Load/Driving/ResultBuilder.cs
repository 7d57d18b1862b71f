using System.Globalization;
using Peregrine.Load.Driving.Counting;
using Peregrine.Load.Driving.Plans;
using Peregrine.Load.Histograms;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Versions;

namespace Peregrine.Load.Driving;

/// <summary>Makes a result of what the workers counted, and judges the generator.</summary>
internal sealed class ResultBuilder(RunContext run, RunPlan plan, IReadOnlyList<Tally> tallies)
{
    private const int MaxExamples = 10;

    internal LoadResult Build(List<SeriesPoint> series, Opener opener, DateTimeOffset startedAt, WarmUpData warmUp, TimeSpan processorTime, ResourceData resources)
    {
        var end = Math.Max(tallies.Max(static tally => tally.LastEnd), plan.End);
        var seconds = (end - plan.Start) / (double)RunClock.Second;
        var succeeded = tallies.Sum(static tally => tally.Succeeded);
        return new LoadResult
        {
            SchemaVersion = LoadResult.CurrentSchema,
            Unit = "ns",
            LatencyIs = run.IsOpen ? LoadResult.ResponseTime : LoadResult.ServiceTime,
            StartedAt = startedAt,
            Workload = Describe(run.Workload, opener.LeftOut),
            Target = new TargetData(run.Target.Name, run.IsHttp ? "http" : "stdio", run.Version.ToText(), opener.ServerName),
            Environment = EnvironmentData.Current,
            WarmUp = warmUp,
            DurationSeconds = seconds,
            Succeeded = succeeded,
            Failed = tallies.Sum(static tally => tally.Failed),
            Throughput = succeeded / seconds,
            Errors = Enum.GetValues<LoadError>()
                .Select(error => (Name: error.ToString(), Count: tallies.Sum(tally => tally.Errors[(int)error])))
                .Where(static one => one.Count > 0)
                .ToDictionary(static one => one.Name, static one => one.Count),
            ErrorExamples = [.. tallies.SelectMany(static tally => tally.Examples).Take(MaxExamples)],
            Response = LatencyData.Of(Merge(tallies.SelectMany(static tally => tally.Response))),
            Service = LatencyData.Of(Merge(tallies.SelectMany(static tally => tally.Service))),
            Deliveries = run.Workload.Audience is null ? null : LatencyData.Of(Merge(tallies.Select(static tally => tally.Deliveries))),
            Openings = LatencyData.Of(Merge(tallies.Select(static tally => tally.Opening))),
            Operations = [.. run.Plans.Select((one, i) => Describe(one.Operation, i))],
            Series = series,
            Traffic = new TrafficData(
                tallies.Sum(static tally => tally.Requests), tallies.Sum(static tally => tally.Connections), tallies.Sum(static tally => tally.BytesOut), tallies.Sum(static tally => tally.BytesIn)),
            Generator = Judge(seconds, processorTime),
            Resources = resources,
        };
    }

    private static Histogram Merge(IEnumerable<Histogram> histograms)
    {
        var sum = new Histogram();
        foreach (var histogram in histograms)
        {
            sum.Merge(histogram);
        }

        return sum;
    }

    private static WorkloadData Describe(Workload workload, List<string> leftOut) => new(
        workload.Name,
        workload.Id,
        workload.IsOpen ? "open" : "closed",
        workload.IsOpen ? workload.Stages.Max(static stage => stage.Rate) : null,
        workload.IsOpen ? null : workload.Stages.Max(static stage => stage.Concurrency),
        leftOut);

    private OperationResult Describe(Operation operation, int index)
    {
        var failed = tallies.Sum(tally => tally.FailedByOperation[index]);
        var response = Merge(tallies.Select(tally => tally.Response[index]));

        // Calls that timed out are among the latencies too.
        var succeeded = tallies.Sum(tally => tally.SucceededByOperation[index]);
        return new OperationResult(operation.Name, operation.Kind.ToMethod(), succeeded, failed, LatencyData.Of(response));
    }

    private GeneratorData Judge(double seconds, TimeSpan processorTime)
    {
        var faults = new List<string>();
        var busy = tallies.Max(tally => Math.Clamp(1 - (tally.Idle / (seconds * RunClock.Second)), 0, 1));
        var lag = Merge(tallies.Select(static tally => tally.Lag));
        if (busy > run.Options.MaxBusy)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The generator was busy {busy:P1} of the time, so that it may have been the bottleneck. Ask for less, or give it more workers and processors of its own."));
        }

        var late = lag.Quantile(0.99) / 1e6;
        if (late > run.Options.MaxLag.TotalMilliseconds)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"One call of 100 was sent {late:0.###} ms or more after it was due although a connection was free. Give the generator a processor of its own, or ask for less."));
        }

        return new GeneratorData(tallies.Count, Math.Round(busy, 4), Math.Round(processorTime.TotalSeconds, 3), LatencyData.Of(lag), faults.Count == 0, faults);
    }
}
