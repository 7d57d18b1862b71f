using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Peregrine.Server.Telemetry;

/// <summary>Under which name requests are reported, and with which instruments. One for each name in a process. Thread-safe.</summary>
internal sealed class TelemetrySource
{
    /// <summary>Makes the source.</summary>
    /// <param name="name">The name that listeners ask for.</param>
    internal TelemetrySource(string name)
    {
        Activities = new ActivitySource(name);
        Meter = new Meter(name);
        Duration = Meter.CreateHistogram<double>(TelemetryNames.OperationDuration, "s", "Time from a request's arrival to its reply.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] });
    }

    /// <summary>That of servers.</summary>
    internal static TelemetrySource Server { get; } = new(TelemetryNames.Source);

    internal ActivitySource Activities { get; }

    internal Meter Meter { get; }

    internal Histogram<double> Duration { get; }
}
