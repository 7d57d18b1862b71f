namespace Peregrine.Client.Logging;

/// <summary>How grave a log message of a server is (RFC 5424), from the least.</summary>
public enum ServerLogLevel
{
    /// <summary>Details for developers.</summary>
    Debug,

    /// <summary>What happens ordinarily.</summary>
    Info,

    /// <summary>Ordinary, but worth a look.</summary>
    Notice,

    /// <summary>Something may go wrong.</summary>
    Warning,

    /// <summary>Something went wrong.</summary>
    Error,

    /// <summary>A part does not work.</summary>
    Critical,

    /// <summary>Somebody must act at once.</summary>
    Alert,

    /// <summary>Nothing works.</summary>
    Emergency,
}
