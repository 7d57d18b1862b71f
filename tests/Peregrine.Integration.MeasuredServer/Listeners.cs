using System.Diagnostics;
using System.Diagnostics.Metrics;
using Peregrine.Server.Telemetry;

namespace Peregrine.Integration.MeasuredServer;

/// <summary>Writes what the process's servers report on standard error, a line each.</summary>
internal sealed class Listeners : IDisposable
{
    private readonly MeterListener _meters;
    private readonly ActivityListener _activities;

    internal Listeners()
    {
        _meters = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Source)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _meters.SetMeasurementEventCallback<double>(static (instrument, seconds, tags, _) =>
            Console.Error.WriteLine($"measured {instrument.Name} {Text(tags.ToArray())} {(seconds is >= 0 and < 60 ? "in time" : "out of range")}"));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TelemetryNames.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = static activity => Console.Error.WriteLine(
                $"span {activity.DisplayName} {activity.Kind} {activity.ParentSpanId.ToHexString()} {Text([.. activity.TagObjects])} {(IsInTime(activity) ? "in time" : "out of range")}"),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private static string Text(KeyValuePair<string, object?>[] tags) => string.Join(' ', tags.Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));

    private static bool IsInTime(Activity activity)
    {
        using var process = Process.GetCurrentProcess();
        var ended = activity.StartTimeUtc + activity.Duration;
        return activity.StartTimeUtc >= process.StartTime.ToUniversalTime() - TimeSpan.FromSeconds(1) && ended <= TimeProvider.System.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(1);
    }
}
