using Peregrine.Protocol.Text;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Compat.Logging;

/// <summary>The names of log levels on the wire. No state.</summary>
internal static class LogLevels
{
    internal const string Allowed = "debug, info, notice, warning, error, critical, alert or emergency";

    internal static ReadOnlySpan<byte> NameOf(McpLogLevel level) => level switch
    {
        McpLogLevel.Debug => "debug"u8,
        McpLogLevel.Info => "info"u8,
        McpLogLevel.Notice => "notice"u8,
        McpLogLevel.Warning => "warning"u8,
        McpLogLevel.Error => "error"u8,
        McpLogLevel.Critical => "critical"u8,
        McpLogLevel.Alert => "alert"u8,
        McpLogLevel.Emergency => "emergency"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, $"A level must be {Allowed}."),
    };

    /// <summary>Reads a raw JSON value.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> raw, out McpLogLevel level)
    {
        for (level = McpLogLevel.Debug; level <= McpLogLevel.Emergency; level++)
        {
            if (JsonText.ContentEquals(raw, NameOf(level)))
            {
                return true;
            }
        }

        return false;
    }
}
