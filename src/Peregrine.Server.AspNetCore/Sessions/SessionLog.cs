using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.AspNetCore.Sessions;

internal static partial class SessionLog
{
    // Debug: whoever causes it can cause it many times a second.
    [LoggerMessage(EventId = 2101, EventName = "SessionRefused", Level = LogLevel.Debug, Message = "A session was refused: {Count} are open.")]
    internal static partial void Refused(ILogger logger, int count);

    [LoggerMessage(EventId = 2102, EventName = "SessionExpired", Level = LogLevel.Debug, Message = "A session of {Version} expired.")]
    internal static partial void Expired(ILogger logger, ProtocolVersion version);

    [LoggerMessage(EventId = 2103, EventName = "SessionStoreFailed", Level = LogLevel.Warning, Message = "The store of sessions failed: what it should keep will not survive a restart.")]
    internal static partial void StoreFailed(ILogger logger, Exception exception);
}
