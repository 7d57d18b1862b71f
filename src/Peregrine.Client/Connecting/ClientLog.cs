using Microsoft.Extensions.Logging;

namespace Peregrine.Client.Connecting;

internal static partial class ClientLog
{
    [LoggerMessage(EventId = 4101, EventName = "Reopened", Level = LogLevel.Information,
        Message = "{Peer}: the conversation was lost and opened anew ({Version}).")]
    internal static partial void Reopened(ILogger logger, string peer, string version);

    [LoggerMessage(EventId = 4102, EventName = "ToolLeftOut", Level = LogLevel.Warning,
        Message = "{Peer}: the tool '{Tool}' is left out, for its input schema {Fault}")]
    internal static partial void ToolLeftOut(ILogger logger, string peer, string tool, string fault);

    [LoggerMessage(EventId = 4103, EventName = "SubscriptionBroken", Level = LogLevel.Warning,
        Message = "{Peer}: a subscription broke and is taken up again in {Milliseconds} ms: {Reason}")]
    internal static partial void SubscriptionBroken(ILogger logger, string peer, string reason, long milliseconds);

    [LoggerMessage(EventId = 4104, EventName = "SubscriberFailed", Level = LogLevel.Error,
        Message = "{Peer}: what takes the changes of a subscription threw.")]
    internal static partial void SubscriberFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(EventId = 4105, EventName = "LogLevelRefused", Level = LogLevel.Debug,
        Message = "{Peer}: the wish for log messages was refused: {Reason}")]
    internal static partial void LogLevelRefused(ILogger logger, string peer, string reason);
}
