using Microsoft.Extensions.Logging;

namespace Peregrine.Execution.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(EventId = 7001, EventName = "JournalWriteFailed", Level = LogLevel.Error,
        Message = "The journal cannot be written. No call with a key is taken until it can; calls that have begun are finished, and their ends are written then.")]
    internal static partial void WriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 7002, EventName = "JournalWritesAgain", Level = LogLevel.Warning, Message = "The journal can be written again.")]
    internal static partial void WritesAgain(ILogger logger);

    [LoggerMessage(EventId = 7003, EventName = "JournalDamaged", Level = LogLevel.Error,
        Message = "Segment {Segment} of the journal is damaged or incomplete: {Bytes} bytes at {Offset} were passed over. The journal has a new epoch, so that no call runs twice.")]
    internal static partial void Damaged(ILogger logger, int segment, long offset, long bytes);

    [LoggerMessage(EventId = 7004, EventName = "JournalMachineStopped", Level = LogLevel.Warning,
        Message = "The machine has stopped since the journal was written, and its policy does not survive that. The journal has a new epoch, so that no call runs twice.")]
    internal static partial void MachineStopped(ILogger logger);

    [LoggerMessage(EventId = 7005, EventName = "JournalSegmentMissing", Level = LogLevel.Error,
        Message = "Segment {Segment} of the journal is missing. The journal has a new epoch, so that no call runs twice.")]
    internal static partial void Missing(ILogger logger, int segment);

    [LoggerMessage(EventId = 7006, EventName = "JournalOldSegmentKept", Level = LogLevel.Warning, Message = "A segment of the journal that is not needed any more cannot be deleted.")]
    internal static partial void NotDeleted(ILogger logger, Exception exception);
}
