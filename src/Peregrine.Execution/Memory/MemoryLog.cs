using Microsoft.Extensions.Logging;

namespace Peregrine.Execution.Memory;

internal static partial class MemoryLog
{
    [LoggerMessage(EventId = 7301, EventName = "MemoryNearLimit", Level = LogLevel.Warning,
        Message = "Replies that wait for their readers take {Bytes} of {Limit} bytes. Beyond that the largest is ended; raise MaxProcessBytes, or limit concurrent calls.")]
    internal static partial void NearLimit(ILogger logger, long bytes, long limit);

    [LoggerMessage(EventId = 7302, EventName = "StreamEnded", Level = LogLevel.Warning, Message = "resource_exhausted: {Stream} was ended with {Bytes} bytes waiting: {Why}.")]
    internal static partial void StreamEnded(ILogger logger, string stream, long bytes, StreamEnd why);
}
