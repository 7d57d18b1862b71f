using System.Diagnostics.Metrics;

namespace Peregrine.Gateway.Hosting;

/// <summary>Counts the web server's open connections, from its own instrument. Counts those opened after it was made. Thread-safe.</summary>
internal sealed class ConnectionGauge : IDisposable
{
    // https://learn.microsoft.com/aspnet/core/log-mon/metrics/built-in#microsoftaspnetcoreserverkestrel
    private const string KestrelMeter = "Microsoft.AspNetCore.Server.Kestrel";

    private readonly MeterListener _listener = new();
    private long _open;

    internal ConnectionGauge()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == KestrelMeter && instrument.Name == "kestrel.active_connections")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _open, change));
        _listener.Start();
    }

    internal long Open => Math.Max(0, Volatile.Read(ref _open));

    public void Dispose() => _listener.Dispose();
}
