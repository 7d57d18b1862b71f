using Peregrine.Client.Json;
using Peregrine.Server.Compat.Logging;
using Peregrine.Server.Sessions;

namespace Peregrine.Gateway.Bridging;

/// <summary>Reads <c>notifications/message</c>.</summary>
internal static class LogNotification
{
    /// <summary>How severe a message is; the most severe where it does not say, so that nothing is lost by that.</summary>
    internal static McpLogLevel LevelOf(ReadOnlySpan<byte> parameters) =>
        LogLevels.TryRead(ObjectReader.Find(parameters, "level"u8), out var level) ? level : McpLogLevel.Emergency;
}
