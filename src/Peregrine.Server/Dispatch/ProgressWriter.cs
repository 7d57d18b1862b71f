using System.Buffers.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Dispatch;

/// <summary>Writes <c>notifications/progress</c>.</summary>
internal static class ProgressWriter
{
    internal static ValueTask SendAsync(McpExchange exchange, int generation, double progress, double? total, string? message, CancellationToken cancellationToken)
    {
        using var writer = new PooledByteWriter(256);
        writer.Write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"u8);
        if (!exchange.TryCopyProgressToken(generation, writer))
        {
            return default;
        }

        writer.Write(",\"progress\":"u8);
        WriteNumber(writer, progress);
        if (total is { } whole)
        {
            writer.Write(",\"total\":"u8);
            WriteNumber(writer, whole);
        }

        if (message is not null && exchange.Version >= ProtocolVersion.V2025_03_26)
        {
            writer.Write(",\"message\":"u8);
            JsonStringWriter.WriteString(writer, message.AsSpan());
        }

        writer.Write("}}"u8);
        return exchange.NotifyCallAsync(generation, writer.WrittenSpan, cancellationToken);
    }

    private static void WriteNumber(PooledByteWriter writer, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Progress must be a finite number: JSON has no other.");
        }

        // 32: the longest shortest-round-trip form of a double has 24 characters.
        _ = Utf8Formatter.TryFormat(value, writer.GetSpan(32), out var written);
        writer.Advance(written);
    }
}
