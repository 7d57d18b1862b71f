using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Subscriptions;

internal static partial class SubscriptionLog
{
    [LoggerMessage(EventId = 1301, EventName = "NotifyingFailed", Level = LogLevel.Error, Message = "A listener could not be told of a change; it is told of nothing more.")]
    internal static partial void Failed(ILogger logger, Exception exception);
}
