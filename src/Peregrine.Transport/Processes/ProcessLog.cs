using Microsoft.Extensions.Logging;

namespace Peregrine.Transport.Processes;

internal static partial class ProcessLog
{
    [LoggerMessage(EventId = 3201, EventName = "ErrorLine", Level = LogLevel.Debug,
        Message = "{Peer} stderr: {Line}")]
    internal static partial void ErrorLine(ILogger logger, string peer, string line);

    [LoggerMessage(EventId = 3202, EventName = "ErrorCallbackFailed", Level = LogLevel.Error,
        Message = "{Peer}: the callback for lines of standard error threw.")]
    internal static partial void ErrorCallbackFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(EventId = 3203, EventName = "Started", Level = LogLevel.Debug,
        Message = "{Peer}: started as process {ProcessId}.")]
    internal static partial void Started(ILogger logger, string peer, int processId);

    [LoggerMessage(EventId = 3204, EventName = "Killed", Level = LogLevel.Warning,
        Message = "{Peer}: process {ProcessId} did not end when its input was closed, nor at SIGTERM, and was killed.")]
    internal static partial void Killed(ILogger logger, string peer, int processId);
}
