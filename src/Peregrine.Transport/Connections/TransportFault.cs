namespace Peregrine.Transport.Connections;

/// <summary>What broke, in a <see cref="McpTransportException"/>.</summary>
public enum TransportFault
{
    /// <summary>The peer could not be reached or started: nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The connection ended before the reply came, or had ended before the request was sent.</summary>
    ConnectionLost,

    /// <summary>The connection was closed on this side.</summary>
    Closed,

    /// <summary>No reply within the request's time. It was cancelled at the peer where the transport can.</summary>
    TimedOut,

    /// <summary>The server does not know the session any more (HTTP 404): open a new one.</summary>
    SessionLost,

    /// <summary>The server wants other credentials (HTTP 401 or 403).</summary>
    Unauthorized,

    /// <summary>An HTTP status that is no success, without a JSON-RPC error in the body.</summary>
    HttpStatus,

    /// <summary>The reply is not a JSON-RPC response to this request.</summary>
    InvalidReply,

    /// <summary>No connection was free in time: nothing was sent.</summary>
    PoolExhausted,

    /// <summary>The reply is longer than the connection's limit.</summary>
    ReplyTooLong,
}
