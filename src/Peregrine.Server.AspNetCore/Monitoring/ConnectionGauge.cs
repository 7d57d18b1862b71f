using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Peregrine.Server.AspNetCore.Monitoring;

/// <summary>Counts the open connections of one port, from the web server's own instrument. Counts those opened after it was made. Thread-safe.</summary>
internal sealed class ConnectionGauge : IDisposable
{
    // https://learn.microsoft.com/aspnet/core/log-mon/metrics/built-in#microsoftaspnetcoreserverkestrel
    private const string KestrelMeter = "Microsoft.AspNetCore.Server.Kestrel";

    private readonly MeterListener _listener = new();

    // By port: the instrument is the process's, which may run other web servers whose connections were open before this was made.
    private readonly ConcurrentDictionary<int, long> _open = new();

    internal ConnectionGauge()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == KestrelMeter && instrument.Name == "kestrel.active_connections")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
            _open.AddOrUpdate(Port(tags), static (_, added) => added, static (_, open, added) => open + added, change));
        _listener.Start();
    }

    /// <summary>How many connections are open on <paramref name="port"/>.</summary>
    internal long Open(int port) => Math.Max(0, _open.GetValueOrDefault(port));

    public void Dispose() => _listener.Dispose();

    private static int Port(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == "server.port" && value is int port)
            {
                return port;
            }
        }

        return 0;
    }
}
