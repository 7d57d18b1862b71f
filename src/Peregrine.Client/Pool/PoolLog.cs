using Microsoft.Extensions.Logging;

namespace Peregrine.Client.Pool;

internal static partial class PoolLog
{
    [LoggerMessage(EventId = 4301, EventName = "Readmitted", Level = LogLevel.Information, Message = "{Server} answers again and is in use.")]
    internal static partial void Readmitted(ILogger logger, string server);

    [LoggerMessage(EventId = 4302, EventName = "ProbeFailed", Level = LogLevel.Debug, Message = "{Server} gave no sign of life: {Reason}")]
    internal static partial void ProbeFailed(ILogger logger, string server, string reason);

    [LoggerMessage(EventId = 4303, EventName = "Ejected", Level = LogLevel.Warning, Message = "{Server} is out of use: {Reason}")]
    internal static partial void Ejected(ILogger logger, string server, string reason);
}
