using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Gateway.Admin;
using Peregrine.Gateway.Dashboard;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Monitoring;
using Peregrine.Server.AspNetCore.Security;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Hosting;

/// <summary>Maps a gateway into a web application.</summary>
public static class GatewayEndpoints
{
    /// <summary>
    /// Maps the MCP endpoint <c>/mcp</c>, those of virtual servers at <c>/mcp/NAME</c>, the page <c>/</c>, <c>/metrics</c>, <c>/health</c> and <c>/health/ready</c> (200 once the tools of all servers were asked for, else
    /// 503), <c>/health/live</c>, <c>/api/status</c>, what the page shows, and the admin API below <c>/admin</c>, for those who show the configured token, or, where there is none, on loopback. All keep
    /// web pages of other origins away.
    /// </summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="options">What the endpoints take; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public static void MapPeregrineGateway(this IEndpointRouteBuilder endpoints, PeregrineGateway gateway, HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(gateway);
        options ??= HttpFrontOptions.Default;
        List<(string Path, HttpSessions Sessions)> sessions = [];
        MapMcp(endpoints, "/mcp", gateway.Responder, options, sessions);
        foreach (var (name, responder) in gateway.VirtualServers)
        {
            MapMcp(endpoints, "/mcp/" + name, responder, options, sessions);
        }

        var guard = new OriginGuard(options);
        var connections = new ConnectionGauge();
        new AdminEndpoints(gateway, new AdminGuard(options, () => gateway.Configuration.AdminKey), new SessionDirectory(sessions), connections).Map(endpoints);
        MonitoringReply.Map(endpoints, "/", guard, DashboardPage.SendAsync);
        MonitoringReply.Map(endpoints, "/api/status", guard, context => MonitoringReply.SendAsync(context, MonitoringReply.Json,
            GatewayStatusWriter.WriteStatus(gateway, connections.Open(context.Connection.LocalPort), int.TryParse(context.Request.Query["catalog"], out var known) ? known : 0)));
        MonitoringReply.Map(endpoints, "/metrics", guard, context => MonitoringReply.SendAsync(context, PrometheusTextWriter.ContentType, WriteMetrics(gateway, connections.Open(context.Connection.LocalPort))));
        MonitoringReply.Map(endpoints, "/health/live", guard, static context => MonitoringReply.SendAsync(context, MonitoringReply.Json, "{\"status\":\"live\"}"u8.ToArray()));
        foreach (var path in (string[])["/health", "/health/ready"])
        {
            MonitoringReply.Map(endpoints, path, guard, context =>
            {
                context.Response.StatusCode = gateway.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return MonitoringReply.SendAsync(context, MonitoringReply.Json, GatewayStatusWriter.WriteHealth(gateway));
            });
        }
    }

    private static void MapMcp(IEndpointRouteBuilder endpoints, string path, IMcpResponder responder, HttpFrontOptions options, List<(string Path, HttpSessions Sessions)> sessions)
    {
        if (endpoints.MapFront(path, responder, options).Front.Sessions is { } opened)
        {
            sessions.Add((path, opened));
        }
    }

    private static ReadOnlyMemory<byte> WriteMetrics(PeregrineGateway gateway, long connections)
    {
        var writer = new PrometheusTextWriter();
        gateway.Metrics.WriteTo(writer);
        writer.BeginFamily(MetricNames.RequestsInFlight, "gauge", "Calls in flight, by upstream.");
        WriteEach(writer, gateway, MetricNames.RequestsInFlight, static upstream => upstream.InFlight);
        writer.BeginFamily(MetricNames.UpstreamUp, "gauge", "1 where the upstream answers calls, else 0.");
        WriteEach(writer, gateway, MetricNames.UpstreamUp, static upstream => upstream.State == UpstreamState.Ready ? 1 : 0);
        writer.BeginFamily(MetricNames.UpstreamRestarts, "counter", "Restarts and reconnections, by upstream.");
        WriteEach(writer, gateway, MetricNames.UpstreamRestarts, static upstream => upstream.Restarts);
        writer.BeginFamily(MetricNames.UpstreamTools, "gauge", "Tools known, by upstream.");
        WriteEach(writer, gateway, MetricNames.UpstreamTools, static upstream => upstream.Offer.Tools.Length);
        writer.BeginFamily(MetricNames.ActiveConnections, "gauge", "Open connections from clients, on the port that was asked.");
        writer.WriteSample(MetricNames.ActiveConnections, connections);
        writer.BeginFamily(MetricNames.MemoryPressure, "gauge", "How short memory is: 0 not, 1 slow calls are refused, 2 normal ones as well.");
        writer.WriteSample(MetricNames.MemoryPressure, (int)gateway.Policies.Load.Memory);
        gateway.Process.WriteTo(writer);
        return writer.Written;
    }

    private static void WriteEach(PrometheusTextWriter writer, PeregrineGateway gateway, string name, Func<Upstream, double> value)
    {
        foreach (var upstream in gateway.Upstreams)
        {
            writer.WriteSample(name, value(upstream), ("upstream", upstream.Name));
        }
    }
}
