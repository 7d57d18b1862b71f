namespace Peregrine.Server.Telemetry;

/// <summary>
/// The names under which servers report what they do. Attributes, span and metric names are those of OpenTelemetry's semantic conventions for MCP (open-telemetry/semantic-conventions-genai, mcp.md).
/// </summary>
public static class TelemetryNames
{
    /// <summary>Name of the <see cref="System.Diagnostics.ActivitySource"/> and of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string Source = "Peregrine.Server";

    /// <summary>Histogram in seconds: from a request's arrival to its reply.</summary>
    public const string OperationDuration = "mcp.server.operation.duration";

    internal const string Method = "mcp.method.name";
    internal const string ProtocolVersion = "mcp.protocol.version";
    internal const string ResourceUri = "mcp.resource.uri";
    internal const string SessionId = "mcp.session.id";
    internal const string ToolName = "gen_ai.tool.name";
    internal const string PromptName = "gen_ai.prompt.name";
    internal const string OperationName = "gen_ai.operation.name";
    internal const string RequestId = "jsonrpc.request.id";
    internal const string ErrorType = "error.type";
    internal const string StatusCode = "rpc.response.status_code";
    internal const string NetworkTransport = "network.transport";
}
