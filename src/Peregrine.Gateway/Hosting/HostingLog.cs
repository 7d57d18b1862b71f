using Microsoft.Extensions.Logging;

namespace Peregrine.Gateway.Hosting;

/// <summary>Log messages about a gateway as a whole.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1511, LogLevel.Warning, "A gateway with the same state was killed: {Count} processes that it had left were ended")]
    internal static partial void EndedLeftovers(ILogger logger, int count);
}
