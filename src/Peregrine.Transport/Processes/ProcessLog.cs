using Microsoft.Extensions.Logging;

namespace Peregrine.Transport.Processes;

internal static partial class ProcessLog
{
    [LoggerMessage(1201, LogLevel.Debug, "{Peer} stderr: {Line}")]
    internal static partial void ErrorLine(ILogger logger, string peer, string line);

    [LoggerMessage(1202, LogLevel.Error, "{Peer}: the callback for lines of standard error threw.")]
    internal static partial void ErrorCallbackFailed(ILogger logger, Exception exception, string peer);

    [LoggerMessage(1203, LogLevel.Debug, "{Peer}: started as process {ProcessId}.")]
    internal static partial void Started(ILogger logger, string peer, int processId);

    [LoggerMessage(1204, LogLevel.Warning, "{Peer}: process {ProcessId} did not end when its input was closed, nor at SIGTERM, and was killed.")]
    internal static partial void Killed(ILogger logger, string peer, int processId);
}
