using Microsoft.Extensions.Logging;

namespace Peregrine.Gateway.Policies;

/// <summary>Log messages about policies.</summary>
internal static partial class PolicyLog
{
    [LoggerMessage(1541, LogLevel.Error, "{Upstream}: the ledger of keyed calls failed")]
    internal static partial void LedgerFailed(ILogger logger, string upstream, Exception exception);

    [LoggerMessage(1542, LogLevel.Warning, "Keys of calls are kept in memory alone: the folder {Folder} cannot be used: {Reason}")]
    internal static partial void LedgerInMemory(ILogger logger, string folder, string reason);

    [LoggerMessage(1543, LogLevel.Warning, "Memory is short: {Used} bytes of {Limit}; results that are kept shrink, slow calls are refused")]
    internal static partial void MemoryIsShort(ILogger logger, long used, long limit);

    [LoggerMessage(1544, LogLevel.Information, "There is enough memory again: {Used} bytes are used")]
    internal static partial void MemoryIsEnough(ILogger logger, long used);
}
