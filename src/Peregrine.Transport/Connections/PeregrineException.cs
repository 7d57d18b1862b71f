namespace Peregrine.Transport.Connections;

/// <summary>
/// The root of what Peregrine throws about a conversation with a peer. Catch a descendant to tell the cases apart:
/// <see cref="McpTransportException"/> (the transport broke, nobody answered) or <see cref="McpPeerException"/> (the peer answered with an error).
/// </summary>
public abstract class PeregrineException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    protected PeregrineException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
