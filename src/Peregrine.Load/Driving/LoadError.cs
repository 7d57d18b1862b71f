namespace Peregrine.Load.Driving;

/// <summary>What went wrong with a call.</summary>
public enum LoadError
{
    /// <summary>Nothing did.</summary>
    None,

    /// <summary>No connection, or no process.</summary>
    Connect,

    /// <summary>The connection broke, or the process ended, while a reply was awaited.</summary>
    Closed,

    /// <summary>No reply in time.</summary>
    Timeout,

    /// <summary>An HTTP status other than 200.</summary>
    Status,

    /// <summary>What came is no HTTP, no JSON-RPC, or the reply to another call.</summary>
    Protocol,

    /// <summary>A JSON-RPC error.</summary>
    ErrorReply,

    /// <summary>A result with <c>isError</c>.</summary>
    ToolError,

    /// <summary>A result without the expected text.</summary>
    WrongAnswer,

    /// <summary>Opening a session failed.</summary>
    Opening,

    /// <summary>Due, but never sent, because all connections were taken until the end.</summary>
    NotSent,
}
