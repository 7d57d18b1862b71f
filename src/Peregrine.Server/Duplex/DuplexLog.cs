using Microsoft.Extensions.Logging;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Server.Duplex;

internal static partial class DuplexLog
{
    [LoggerMessage(EventId = 1101, EventName = "MessageRefused", Level = LogLevel.Debug, Message = "A message was refused: {Fault} at byte {Offset}.")]
    internal static partial void Refused(ILogger logger, EnvelopeError fault, int offset);

    [LoggerMessage(EventId = 1102, EventName = "MessageOversized", Level = LogLevel.Warning, Message = "A message over {Limit} bytes was refused and skipped.")]
    internal static partial void Oversized(ILogger logger, int limit);

    [LoggerMessage(EventId = 1103, EventName = "RespondingFailed", Level = LogLevel.Error, Message = "Answering {Method} failed.")]
    internal static partial void Failed(ILogger logger, McpMethod method, Exception exception);

    [LoggerMessage(EventId = 1104, EventName = "PeerDoesNotRead", Level = LogLevel.Warning,
        Message = "{Bytes} bytes wait for a peer that does not read; no further message is read until it does.")]
    internal static partial void PeerDoesNotRead(ILogger logger, int bytes);

    [LoggerMessage(EventId = 1105, EventName = "ConnectionBroke", Level = LogLevel.Warning, Message = "The connection broke.")]
    internal static partial void Broke(ILogger logger, Exception exception);
}
