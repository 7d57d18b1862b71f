using System.Collections.Concurrent;
using System.Diagnostics;
using Peregrine.Server.Telemetry;

namespace Peregrine.Server.Tests.Telemetry;

/// <summary>Listens to the activities of servers. One listener serves the whole process, so each test looks for its own by a trace of its own.</summary>
internal sealed class RecordedActivities : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    internal RecordedActivities()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TelemetryNames.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    internal Activity Of(ActivityTraceId trace) => Assert.Single(_ended, activity => activity.TraceId == trace);

    internal Activity WithRequest(string id) => Assert.Single(_ended, activity => id.Equals(activity.GetTagItem("jsonrpc.request.id")));

    public void Dispose() => _listener.Dispose();
}
