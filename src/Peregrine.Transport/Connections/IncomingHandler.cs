using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Transport.Connections;

/// <summary>
/// What a connection does with messages that answer no request of its own. The base class drops notifications and refuses requests; a ping never
/// gets here, the connection answers it. Implementations are thread-safe.
/// </summary>
public abstract class IncomingHandler
{
    /// <summary>Takes a notification that belongs to no request. See <see cref="NotificationCallback"/> for what it may do.</summary>
    /// <param name="notification">The notification, valid during the call.</param>
    public virtual void OnNotification(in IncomingNotification notification)
    {
    }

    /// <summary>
    /// Answers a request (session era only). Runs as work of its own, never on the reader. Where it throws, or ends without an answer, the peer gets -32603.
    /// </summary>
    /// <param name="request">The request and the place of its answer; yours until the task ends.</param>
    /// <param name="cancellationToken">Fires when the peer cancels the request or the connection ends.</param>
    public virtual ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Fail(ErrorCodes.MethodNotFound, "This client does not offer that method.");
        return ValueTask.CompletedTask;
    }
}
