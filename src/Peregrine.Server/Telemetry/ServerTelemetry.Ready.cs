using System.Diagnostics;
using System.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Telemetry;

// Requests that are answered before the instruments are made: they are measured at once and reported when the reply is sent, so that no listener misses them and no caller waits for the instruments.
internal sealed partial class ServerTelemetry : IThreadPoolWorkItem
{
    // Only what comes before the first report waits; who sends more than this at once has its requests answered the usual way.
    private const int MaxUnreported = 8;

    private readonly Lock _reportGate = new();
    private ReadyRequest[] _unreported = [];

    /// <summary>True where requests wait to be reported: <see cref="Execute"/> does it.</summary>
    internal bool HasUnreported => Volatile.Read(ref _unreported).Length > 0;

    /// <summary>Answers a request with a result that is ready, and reports it later where it must be.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="result">One JSON object, which stays as it is.</param>
    /// <returns>False where it must be reported while it runs, or enough wait: nothing has happened then.</returns>
    internal bool TryReturn(McpExchange exchange, ReadOnlyMemory<byte> result)
    {
        if (Volatile.Read(ref _meters) is not null || instruments.IsOn)
        {
            return false;
        }

        if (source.IsMade)
        {
            if (source.Instruments.IsHeard)
            {
                return false;
            }

            exchange.ReturnShared(result);
            return true;
        }

        if (Volatile.Read(ref _unreported).Length >= MaxUnreported || TraceContext.IsPresent(exchange))
        {
            return false;
        }

        var (began, started) = (time.GetUtcNow(), time.GetTimestamp());
        exchange.ReturnShared(result);
        Put(new ReadyRequest(exchange.Method, exchange.Version, exchange.NetworkTransport, exchange.Envelope.Id.Of(exchange.Body.Span).ToArray(), began, time.GetElapsedTime(started)));
        return true;
    }

    /// <summary>Makes the instruments and reports what waits. Ends when all is reported, also by others.</summary>
    public void Execute()
    {
        lock (_reportGate)
        {
            var made = source.Instruments;
            var waiting = Volatile.Read(ref _unreported);
            foreach (var request in waiting)
            {
                Report(made, request);
            }

            Take(waiting.Length);
        }
    }

    private void Put(ReadyRequest request)
    {
        ReadyRequest[] before, after;
        do
        {
            before = Volatile.Read(ref _unreported);
            after = [.. before, request];
        }
        while (Interlocked.CompareExchange(ref _unreported, after, before) != before);
    }

    // Not before they are reported: as long as they are there, who ends a connection waits for it.
    private void Take(int reported)
    {
        ReadyRequest[] before, after;
        do
        {
            before = Volatile.Read(ref _unreported);
            after = before[reported..];
        }
        while (Interlocked.CompareExchange(ref _unreported, after, before) != before);
    }

    private static void Report(TelemetryInstruments made, ReadyRequest request)
    {
        var method = MethodNames[(int)request.Method];
        if (made.Duration.Enabled)
        {
            var tags = default(TagList);
            tags.Add(TelemetryNames.Method, method);
            tags.Add(TelemetryNames.ProtocolVersion, request.Version.ToText());
            tags.Add(TelemetryNames.NetworkTransport, request.Transport);
            made.Duration.Record(request.Elapsed.TotalSeconds, tags);
        }

        if (!made.Activities.HasListeners())
        {
            return;
        }

        // Whoever ends the connection may be within a span of its own, which has nothing to do with the request.
        var around = Activity.Current;
        Activity.Current = null;
        using (var activity = made.Activities.CreateActivity(method, ActivityKind.Server))
        {
            activity?.SetStartTime(request.Began.UtcDateTime).Start();
            if (activity is { IsAllDataRequested: true })
            {
                activity.SetTag(TelemetryNames.Method, method);
                activity.SetTag(TelemetryNames.ProtocolVersion, request.Version.ToText());
                activity.SetTag(TelemetryNames.RequestId, IdText(request.Id));
                activity.SetTag(TelemetryNames.NetworkTransport, request.Transport);
            }

            activity?.SetEndTime((request.Began + request.Elapsed).UtcDateTime);
        }

        Activity.Current = around;
    }

    private static string IdText(ReadOnlySpan<byte> id) => Encoding.UTF8.GetString(id).Trim('"');
}
