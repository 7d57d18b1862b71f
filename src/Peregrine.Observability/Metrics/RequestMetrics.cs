using System.Collections.Immutable;

namespace Peregrine.Observability.Metrics;

/// <summary>All request meters of a process, in the order in which they were made. Thread-safe.</summary>
public sealed class RequestMetrics
{
    private ImmutableArray<RequestMeter> _meters = [];

    /// <summary>The meter of an upstream and method; makes it where there is none. Keep it: finding it is not for the call path.</summary>
    public RequestMeter Meter(string upstream, string method)
    {
        RequestMeter? made = null;
        while (true)
        {
            var meters = _meters;
            foreach (var meter in meters)
            {
                if (meter.Upstream == upstream && meter.Method == method)
                {
                    return meter;
                }
            }

            made ??= new RequestMeter(upstream, method);
            if (ImmutableInterlocked.InterlockedCompareExchange(ref _meters, meters.Add(made), meters) == meters)
            {
                return made;
            }
        }
    }

    /// <summary>Writes <see cref="MetricNames.Requests"/> and <see cref="MetricNames.RequestDuration"/>.</summary>
    public void WriteTo(PrometheusTextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        List<(RequestMeter Meter, string Outcome, LatencySnapshot Snapshot)> series = [];
        foreach (var meter in _meters)
        {
            foreach (var outcome in Enum.GetValues<RequestOutcome>())
            {
                if (meter[outcome]?.Read() is { Count: > 0 } snapshot)
                {
                    series.Add((meter, RequestMeter.Label(outcome), snapshot));
                }
            }
        }

        writer.BeginFamily(MetricNames.Requests, "counter", "Requests answered, by upstream, method and outcome.");
        foreach (var (meter, outcome, snapshot) in series)
        {
            writer.WriteSample(MetricNames.Requests, snapshot.Count, Labels(meter, outcome));
        }

        writer.BeginFamily(MetricNames.RequestDuration, "histogram", "Seconds from a request's arrival to its reply.");
        foreach (var (meter, outcome, snapshot) in series)
        {
            writer.WriteHistogram(MetricNames.RequestDuration, snapshot, Labels(meter, outcome));
        }
    }

    // A server that answers by itself has no upstream.
    private static (string Name, string Value)[] Labels(RequestMeter meter, string outcome) => meter.Upstream.Length == 0
        ? [("method", meter.Method), ("outcome", outcome)]
        : [("upstream", meter.Upstream), ("method", meter.Method), ("outcome", outcome)];
}
