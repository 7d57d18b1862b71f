using Microsoft.Extensions.Logging;

namespace Peregrine.Transport.Connections;

internal static partial class ConnectionLog
{
    [LoggerMessage(1101, LogLevel.Warning, "{Peer}: a message is no JSON-RPC ({Fault}) and was skipped; {Count} so far. A stdio server must print nothing else to its standard output.")]
    internal static partial void Malformed(ILogger logger, string peer, string fault, long count);

    [LoggerMessage(1102, LogLevel.Warning, "{Peer}: a message over {Limit} bytes was skipped; {Count} so far.")]
    internal static partial void Oversized(ILogger logger, string peer, int limit, long count);

    [LoggerMessage(1103, LogLevel.Debug, "{Peer}: a reply matches no request in flight and was dropped; {Count} so far.")]
    internal static partial void Unmatched(ILogger logger, string peer, long count);

    [LoggerMessage(1104, LogLevel.Error, "{Peer}: a notification handler threw.")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(1105, LogLevel.Information, "{Peer}: the connection ended. {Reason}")]
    internal static partial void Ended(ILogger logger, string peer, string reason);

    [LoggerMessage(1106, LogLevel.Error, "{Peer}: the handler of an incoming request threw.")]
    internal static partial void RequestHandlerFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(1107, LogLevel.Debug, "{Peer}: an answer to a request of the peer could not be sent.")]
    internal static partial void AnswerNotSent(ILogger logger, Exception exception, string peer);

    [LoggerMessage(1108, LogLevel.Warning, "{Peer}: sent a request, which servers of the stateless era must not; it was dropped. {Count} so far.")]
    internal static partial void UnexpectedRequest(ILogger logger, string peer, long count);
}
