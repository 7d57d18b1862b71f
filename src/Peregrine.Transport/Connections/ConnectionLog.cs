using Microsoft.Extensions.Logging;

namespace Peregrine.Transport.Connections;

internal static partial class ConnectionLog
{
    [LoggerMessage(EventId = 3101, EventName = "Malformed", Level = LogLevel.Warning,
        Message = "{Peer}: a message is no JSON-RPC ({Fault}) and was skipped; {Count} so far. A stdio server must print nothing else to its standard output.")]
    internal static partial void Malformed(ILogger logger, string peer, string fault, long count);

    [LoggerMessage(EventId = 3102, EventName = "Oversized", Level = LogLevel.Warning,
        Message = "{Peer}: a message over {Limit} bytes was skipped; {Count} so far.")]
    internal static partial void Oversized(ILogger logger, string peer, int limit, long count);

    [LoggerMessage(EventId = 3103, EventName = "Unmatched", Level = LogLevel.Debug,
        Message = "{Peer}: a reply matches no request in flight and was dropped; {Count} so far.")]
    internal static partial void Unmatched(ILogger logger, string peer, long count);

    [LoggerMessage(EventId = 3104, EventName = "HandlerFailed", Level = LogLevel.Error,
        Message = "{Peer}: a notification handler threw.")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(EventId = 3105, EventName = "Ended", Level = LogLevel.Information,
        Message = "{Peer}: the connection ended. {Reason}")]
    internal static partial void Ended(ILogger logger, string peer, string reason);

    [LoggerMessage(EventId = 3106, EventName = "RequestHandlerFailed", Level = LogLevel.Error,
        Message = "{Peer}: the handler of an incoming request threw.")]
    internal static partial void RequestHandlerFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(EventId = 3107, EventName = "AnswerNotSent", Level = LogLevel.Debug,
        Message = "{Peer}: an answer to a request of the peer could not be sent.")]
    internal static partial void AnswerNotSent(ILogger logger, Exception exception, string peer);

    [LoggerMessage(EventId = 3108, EventName = "UnexpectedRequest", Level = LogLevel.Warning,
        Message = "{Peer}: sent a request, which servers of the stateless era must not; it was dropped. {Count} so far.")]
    internal static partial void UnexpectedRequest(ILogger logger, string peer, long count);

    [LoggerMessage(EventId = 3109, EventName = "StreamEnded", Level = LogLevel.Warning,
        Message = "{Peer}: the server's event stream has ended and is not opened again.")]
    internal static partial void StreamEnded(ILogger logger, Exception exception, string peer);
}
