using System.Diagnostics.Metrics;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Telemetry;

/// <summary>What a gateway says of its servers to whoever listens to its meter; costs nothing while nobody does. Ends with the gateway.</summary>
internal sealed class GatewayMeters : IDisposable
{
    // Of its own, beside that of the requests: the instruments must end with this gateway.
    private readonly Meter _meter = new(GatewayTelemetry.SourceName);

    internal GatewayMeters(UpstreamSet upstreams)
    {
        _meter.CreateObservableGauge("mcp.gateway.requests.in_flight", () => Each(upstreams, static upstream => upstream.InFlight), "{request}", "Requests in flight, by server.");
        _meter.CreateObservableGauge("mcp.gateway.upstream.up", () => Each(upstreams, static upstream => upstream.State == UpstreamState.Ready && !upstream.IsDrained ? 1 : 0), "1", "1 where the server answers calls, else 0.");
        _meter.CreateObservableCounter("mcp.gateway.upstream.restarts", () => Each(upstreams, static upstream => upstream.Restarts), "{restart}", "Restarts and reconnections, by server.");
    }

    public void Dispose() => _meter.Dispose();

    private static List<Measurement<long>> Each(UpstreamSet upstreams, Func<Upstream, long> value)
    {
        List<Measurement<long>> all = [];
        foreach (var upstream in upstreams.Span)
        {
            all.Add(new Measurement<long>(value(upstream), KeyValuePair.Create<string, object?>(GatewayTelemetry.UpstreamTag, upstream.Name)));
        }

        return all;
    }
}
