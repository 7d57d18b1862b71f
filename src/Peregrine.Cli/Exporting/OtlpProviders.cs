using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Telemetry;
using Peregrine.Server.Telemetry;

namespace Peregrine.Cli.Exporting;

/// <summary>OpenTelemetry's providers, as long as something is sent.</summary>
internal sealed class OtlpProviders : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private OtlpProviders(TracerProvider traces, MeterProvider metrics)
    {
        _traces = traces;
        _metrics = metrics;
    }

    /// <summary>Begins to listen and to send.</summary>
    internal static OtlpProviders Start(string service, Uri? endpoint)
    {
        var traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => Name(resource, service))
            .AddSource(GatewayTelemetry.SourceName, TelemetryNames.Source)
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/traces"))
            .Build();
        var metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => Name(resource, service))
            .AddMeter(GatewayTelemetry.SourceName, TelemetryNames.Source, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/metrics"))
            .Build();
        return new OtlpProviders(traces, metrics);
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Name(ResourceBuilder resource, string service)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
        {
            resource.AddService(service, serviceVersion: new GatewayOptions().Version);
        }
    }

    private static void Configure(OtlpExporterOptions options, Uri? endpoint, string path)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL")))
        {
            // What the specification asks for as the default.
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        }

        if (endpoint is not null)
        {
            options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}") : endpoint;
        }
    }
}
