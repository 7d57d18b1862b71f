using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Dispatch;

internal static partial class ToolLog
{
    [LoggerMessage(EventId = 1001, EventName = "ToolFailed", Level = LogLevel.Error, Message = "The {Kind} {Name} failed (failure {Failure}).")]
    internal static partial void Failed(ILogger logger, string kind, string name, long failure, Exception exception);

    [LoggerMessage(EventId = 1003, EventName = "StreamEndFailed", Level = LogLevel.Error, Message = "The end of a streamed result failed.")]
    internal static partial void EndFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1002, EventName = "ToolHeldWorker", Level = LogLevel.Warning,
        Message = "The {Kind} {Name} held a shared worker for {Milliseconds} ms without awaiting; its calls run on threads of their own from now on. Mark it Blocking, or make it asynchronous.")]
    internal static partial void HeldWorker(ILogger logger, string kind, string name, long milliseconds);

    [LoggerMessage(EventId = 1004, EventName = "ToolStreamFailed", Level = LogLevel.Error, Message = "The tool {Name} failed after it had begun to answer (stream failure {Failure}).")]
    internal static partial void StreamFailed(ILogger logger, string name, long failure, Exception exception);

    [LoggerMessage(EventId = 1005, EventName = "ToolStreamEndFailed", Level = LogLevel.Warning, Message = "A tool failed to clean up after a result that was no longer wanted.")]
    internal static partial void StreamEndFailed(ILogger logger, Exception exception);
}
