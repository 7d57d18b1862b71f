using Microsoft.Extensions.Logging;

namespace Peregrine.Server.Once;

internal static partial class OnceLog
{
    [LoggerMessage(EventId = 1501, EventName = "ReconciliationFailed", Level = LogLevel.Error, Message = "The tool {Tool} could not say what became of a call; its outcome stays unknown.")]
    internal static partial void ReconciliationFailed(ILogger logger, string tool, Exception exception);

    [LoggerMessage(EventId = 1502, EventName = "LedgerFailed", Level = LogLevel.Error, Message = "The ledger failed at a call of {Tool} with a key.")]
    internal static partial void LedgerFailed(ILogger logger, string tool, Exception exception);

    [LoggerMessage(EventId = 1503, EventName = "LedgerFull", Level = LogLevel.Warning, Message = "Calls with a key are refused: the ledger is full, or cannot be written.")]
    internal static partial void Full(ILogger logger);

    [LoggerMessage(EventId = 1504, EventName = "LedgerTakesKeys", Level = LogLevel.Information, Message = "Calls with a key are taken again.")]
    internal static partial void TakesKeys(ILogger logger);
}
