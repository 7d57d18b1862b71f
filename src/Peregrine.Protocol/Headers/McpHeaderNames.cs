namespace Peregrine.Protocol.Headers;

/// <summary>HTTP header names of MCP.</summary>
public static class McpHeaderNames
{
    /// <summary>The protocol version (2025-06-18 and later).</summary>
    public const string ProtocolVersion = "MCP-Protocol-Version";

    /// <summary>The session id of the session era.</summary>
    public const string SessionId = "Mcp-Session-Id";

    /// <summary>Mirrors <c>method</c> (2026-07-28).</summary>
    public const string Method = "Mcp-Method";

    /// <summary>Mirrors <c>params.name</c>, <c>params.uri</c> or <c>params.taskId</c> (2026-07-28).</summary>
    public const string Name = "Mcp-Name";

    /// <summary>The key of a call that is to run once: a string, with quotes or without (draft-ietf-httpapi-idempotency-key-header).</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Prefix of the headers that mirror arguments marked <c>x-mcp-header</c> (2026-07-28).</summary>
    public const string ParameterPrefix = "Mcp-Param-";
}
