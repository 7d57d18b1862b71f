using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Observability.Metrics;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Monitoring;
using Peregrine.Server.AspNetCore.Security;
using Peregrine.Server.Instruments;
using Peregrine.Server.Validation;

namespace Peregrine.Server.AspNetCore.Hosting;

/// <summary>Maps what operators ask a server for.</summary>
public static class PeregrineMonitoringExtensions
{
    /// <summary>
    /// Maps <c>/metrics</c> (Prometheus text), <c>/health</c> and <c>/health/ready</c> (200 while calls are taken, 503 once the process is about to end) and <c>/health/live</c> (200).
    /// From then on the server counts its requests.
    /// </summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="server">The server; null for the one registered with <c>AddPeregrine</c>.</param>
    /// <param name="options">Who may ask (hosts, origins); null for the defaults.</param>
    public static void MapPeregrineMonitoring(this IEndpointRouteBuilder endpoints, PeregrineServer? server = null, HttpFrontOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        server ??= endpoints.ServiceProvider.GetRequiredService<PeregrineServer>();
        var guard = new OriginGuard(options ?? HttpFrontOptions.Default);
        var drain = DrainRegistration.Of(endpoints.ServiceProvider);
        var metrics = server.Metrics;
        var validation = server.Validation;
        _ = validation.Durations;
        var connections = new ConnectionGauge();
        var process = new ProcessSampler(server.Options.TimeProvider);
        MonitoringReply.Map(endpoints, "/metrics", guard, context =>
            MonitoringReply.SendAsync(context, PrometheusTextWriter.ContentType, WriteMetrics(server, metrics, validation, connections.Open(context.Connection.LocalPort), process)));
        MonitoringReply.Map(endpoints, "/health/live", guard, static context => MonitoringReply.SendAsync(context, MonitoringReply.Json, "{\"status\":\"live\"}"u8.ToArray()));
        foreach (var path in (string[])["/health", "/health/ready"])
        {
            MonitoringReply.Map(endpoints, path, guard, context => SendReadiness(context, drain));
        }
    }

    private static Task SendReadiness(HttpContext context, ServerDrain drain)
    {
        context.Response.StatusCode = drain.HasBegun ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return MonitoringReply.SendAsync(context, MonitoringReply.Json, drain.HasBegun ? "{\"status\":\"draining\"}"u8.ToArray() : "{\"status\":\"ready\"}"u8.ToArray());
    }

    private static ReadOnlyMemory<byte> WriteMetrics(PeregrineServer server, RequestMetrics metrics, McpValidation validation, long connections, ProcessSampler process)
    {
        var writer = new PrometheusTextWriter();
        metrics.WriteTo(writer);
        validation.WriteTo(writer);
        writer.BeginFamily(MetricNames.ActiveConnections, "gauge", "Open connections from clients, on the port that was asked.");
        writer.WriteSample(MetricNames.ActiveConnections, connections);
        process.WriteTo(writer);
        InstrumentMetrics.WriteTo(server, writer);
        return writer.Written;
    }
}
