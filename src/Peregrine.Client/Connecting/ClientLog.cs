using Microsoft.Extensions.Logging;

namespace Peregrine.Client.Connecting;

internal static partial class ClientLog
{
    [LoggerMessage(EventId = 4101, EventName = "Reopened", Level = LogLevel.Information,
        Message = "{Peer}: the conversation was lost and opened anew ({Version}).")]
    internal static partial void Reopened(ILogger logger, string peer, string version);
}
