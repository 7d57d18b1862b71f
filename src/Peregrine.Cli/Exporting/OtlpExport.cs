namespace Peregrine.Cli.Exporting;

/// <summary>
/// Sends traces and metrics to a collector by OTLP where the configuration, or OpenTelemetry's own environment variables, name one. All of its other variables count: headers, protocol, service name, intervals.
/// </summary>
internal static class OtlpExport
{
    private static readonly string[] EndpointVariables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Begins to send.</summary>
    /// <param name="service">The name of what is observed, unless OTEL_SERVICE_NAME gives another.</param>
    /// <param name="endpoint">Where to; null for where the environment says.</param>
    /// <returns>Sends the rest and ends when disposed; null where nothing is sent, and then nothing of the exporter is loaded.</returns>
    internal static IDisposable? Begin(string service, Uri? endpoint)
    {
        var isWanted = endpoint is not null || Array.Exists(EndpointVariables, static name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
        var isDisabled = string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);
        return isWanted && !isDisabled ? OtlpProviders.Start(service, endpoint) : null;
    }
}
