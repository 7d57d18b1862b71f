namespace Peregrine.Protocol.JsonRpc;

/// <summary>Error codes of JSON-RPC 2.0, of MCP, and Peregrine's own (outside the range that JSON-RPC reserves).</summary>
public static class ErrorCodes
{
    /// <summary>The message is not JSON, not UTF-8, or nested too deeply.</summary>
    public const int ParseError = -32700;

    /// <summary>The JSON is not a JSON-RPC message.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>No such method, or one that the server does not offer.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>Parameters are missing, mistyped or name something unknown.</summary>
    public const int InvalidParams = -32602;

    /// <summary>The receiver failed.</summary>
    public const int InternalError = -32603;

    /// <summary>Session era only: the resource does not exist.</summary>
    public const int ResourceNotFoundOfSessionEra = -32002;

    /// <summary>2026-07-28: an HTTP header and the body disagree, or a header is missing.</summary>
    public const int HeaderMismatch = -32020;

    /// <summary>2026-07-28: the request needs a capability that its client did not declare.</summary>
    public const int MissingRequiredClientCapability = -32021;

    /// <summary>2026-07-28: the protocol version is not supported; the data lists those that are.</summary>
    public const int UnsupportedProtocolVersion = -32022;

    /// <summary>Too many calls in flight; retry later (HTTP 429 or 503 with Retry-After).</summary>
    public const int Overloaded = 4001;

    /// <summary>The call did not end before its deadline.</summary>
    public const int TimedOut = 4002;

    /// <summary>A byte or item limit was passed.</summary>
    public const int ResourceExhausted = 4003;

    /// <summary>The idempotency key was used before with other arguments.</summary>
    public const int IdempotencyConflict = 4004;

    /// <summary>Whether the call ran is not known.</summary>
    public const int OutcomeUnknown = 4005;

    /// <summary>The server is shutting down and takes no new calls.</summary>
    public const int Draining = 4006;

    /// <summary>No upstream that could answer is healthy.</summary>
    public const int NoHealthyServer = 4007;
}
