using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Peregrine.Server.Telemetry;

/// <summary>What requests are reported with: spans and the histogram of their durations. Thread-safe.</summary>
internal sealed class TelemetryInstruments
{
    /// <summary>Makes them.</summary>
    /// <param name="name">The name that listeners ask for.</param>
    internal TelemetryInstruments(string name)
    {
        Activities = new ActivitySource(name);
        Duration = new Meter(name).CreateHistogram<double>(TelemetryNames.OperationDuration, "s", "Time from a request's arrival to its reply.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] });
    }

    internal ActivitySource Activities { get; }

    internal Histogram<double> Duration { get; }

    /// <summary>True while somebody listens.</summary>
    internal bool IsHeard => Activities.HasListeners() || Duration.Enabled;
}
