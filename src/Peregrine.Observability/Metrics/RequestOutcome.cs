namespace Peregrine.Observability.Metrics;

/// <summary>How a request ended.</summary>
public enum RequestOutcome : byte
{
    /// <summary>With a result.</summary>
    Ok,

    /// <summary>With a result that says the tool failed (<c>isError</c>).</summary>
    ToolError,

    /// <summary>With an error from whoever was asked.</summary>
    Error,

    /// <summary>Refused as malformed or naming something unknown.</summary>
    Invalid,

    /// <summary>Not before its deadline.</summary>
    TimedOut,

    /// <summary>Cancelled by the caller, or the caller went away.</summary>
    Cancelled,

    /// <summary>Refused because too many were in flight.</summary>
    Overloaded,

    /// <summary>Not sent: nobody who could answer was up.</summary>
    Unavailable,

    /// <summary>Sent, but the connection broke before the reply: it may have run.</summary>
    Unknown,
}
