using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Dispatch;

internal static partial class ToolLog
{
    [LoggerMessage(EventId = 1001, EventName = "ToolFailed", Level = LogLevel.Error, Message = "Tool {Tool} failed (failure {Failure}).")]
    internal static partial void Failed(ILogger logger, string tool, long failure, Exception exception);

    [LoggerMessage(EventId = 1002, EventName = "ToolHeldWorker", Level = LogLevel.Warning,
        Message = "Tool {Tool} held a shared worker for {Milliseconds} ms without awaiting; its calls run on threads of their own from now on. Mark it Blocking, or make it asynchronous.")]
    internal static partial void HeldWorker(ILogger logger, string tool, long milliseconds);
}
