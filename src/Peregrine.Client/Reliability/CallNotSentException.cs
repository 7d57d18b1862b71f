using Peregrine.Transport.Connections;

namespace Peregrine.Client.Reliability;

/// <summary>The client refused a call before anything was sent: there was no room, or no server that could take it. It did not run.</summary>
public sealed class CallNotSentException : PeregrineException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="code">4001 (overloaded) or 4007 (no healthy server).</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public CallNotSentException(int code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary><see cref="Protocol.JsonRpc.ErrorCodes.Overloaded"/> or <see cref="Protocol.JsonRpc.ErrorCodes.NoHealthyServer"/>.</summary>
    public int Code { get; }

    /// <summary>When it makes sense to try again, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
