using Microsoft.Extensions.Logging;
using Peregrine.Client.Contracts;

namespace Peregrine.Gateway.Catalog.Pinning;

/// <summary>Log messages about definitions of tools.</summary>
internal static partial class PinLog
{
    [LoggerMessage(1521, LogLevel.Warning, "{Upstream}: the tool {Tool} is not what it was when it was pinned ({Verdict}): {Changes}. It is offered as it is now; accept the change over the admin API")]
    internal static partial void Changed(ILogger logger, string upstream, string tool, ContractVerdict verdict, string changes);

    [LoggerMessage(1522, LogLevel.Warning, "{Upstream}: the tool {Tool} is not what it was when it was pinned ({Verdict}): {Changes}. It is withheld until the change is accepted over the admin API")]
    internal static partial void Withheld(ILogger logger, string upstream, string tool, ContractVerdict verdict, string changes);

    [LoggerMessage(1523, LogLevel.Information, "{Upstream}: the tool {Tool} has changed so that no caller loses anything, and was pinned again: {Changes}")]
    internal static partial void PinnedAgain(ILogger logger, string upstream, string tool, string changes);

    [LoggerMessage(1524, LogLevel.Information, "{Upstream}: the change of the tool {Tool} was accepted")]
    internal static partial void Accepted(ILogger logger, string upstream, string tool);

    [LoggerMessage(1525, LogLevel.Warning, "{Upstream}: the pinned definitions could not be written; they hold until the gateway ends")]
    internal static partial void NotWritten(ILogger logger, string upstream);

    [LoggerMessage(1526, LogLevel.Warning, "{Upstream}: the pinned definitions are damaged; what the server offers now is pinned anew")]
    internal static partial void Damaged(ILogger logger, string upstream);

    [LoggerMessage(1527, LogLevel.Information, "{Upstream}: the tool {Tool} is new, and was pinned")]
    internal static partial void New(ILogger logger, string upstream, string tool);
}
