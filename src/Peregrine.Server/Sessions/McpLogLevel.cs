namespace Peregrine.Server.Sessions;

/// <summary>The severities of <c>notifications/message</c>, those of RFC 5424, from the least to the most severe.</summary>
public enum McpLogLevel : byte
{
    /// <summary><c>debug</c></summary>
    Debug,

    /// <summary><c>info</c></summary>
    Info,

    /// <summary><c>notice</c></summary>
    Notice,

    /// <summary><c>warning</c></summary>
    Warning,

    /// <summary><c>error</c></summary>
    Error,

    /// <summary><c>critical</c></summary>
    Critical,

    /// <summary><c>alert</c></summary>
    Alert,

    /// <summary><c>emergency</c></summary>
    Emergency,
}
