namespace Peregrine.Transport.Connections;

/// <summary>The transport broke: no answer of the peer to this request is known.</summary>
public sealed class McpTransportException : PeregrineException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="fault">What broke.</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="mayHaveRun">True where the peer may have received the request.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public McpTransportException(TransportFault fault, string message, bool mayHaveRun = false, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
        MayHaveRun = mayHaveRun;
    }

    /// <summary>What broke.</summary>
    public TransportFault Fault { get; }

    /// <summary>
    /// True where the peer may have received the request, and so may have done what it asks. False means that certainly nothing was sent: it is
    /// safe to send it again.
    /// </summary>
    public bool MayHaveRun { get; }

    /// <summary>The HTTP status, or 0 where there is none.</summary>
    public int StatusCode { get; init; }

    /// <summary>How long the server asks to wait (HTTP <c>Retry-After</c>), where it does.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The server's <c>WWW-Authenticate</c> challenge, where it sent one.</summary>
    public string? Challenge { get; init; }
}
