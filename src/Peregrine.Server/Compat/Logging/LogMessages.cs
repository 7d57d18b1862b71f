using System.Globalization;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;
using Peregrine.Server.Sessions;

namespace Peregrine.Server.Compat.Logging;

/// <summary>Sends <c>notifications/message</c>. No state.</summary>
internal static class LogMessages
{
    /// <summary>The least severe messages that the caller wants of this call; null where it wants none.</summary>
    internal static McpLogLevel? Wanted(McpExchange exchange)
    {
        if (exchange.Era == ProtocolEra.Session)
        {
            return exchange.Session?.LogLevel;
        }

        return exchange.Envelope.LogLevel.IsPresent && LogLevels.TryRead(exchange.Envelope.LogLevel.Of(exchange.Body.Span), out var level) ? level : null;
    }

    /// <summary>Sends a message on the call's stream, where the caller wants it and the call has not sent too many.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="generation">Its number.</param>
    /// <param name="options">How much it may send.</param>
    /// <param name="level">How severe it is.</param>
    /// <param name="data">What it says, raw JSON.</param>
    /// <param name="logger">Who says it, or null.</param>
    /// <param name="cancellationToken">Stops waiting for a slow reader.</param>
    internal static ValueTask SendAsync(McpExchange exchange, int generation, McpLogOptions options, McpLogLevel level, ReadOnlySpan<byte> data, string? logger,
        CancellationToken cancellationToken)
    {
        var count = exchange.CountLogged();
        if (count > options.MaxMessagesPerCall + 1)
        {
            return default;
        }

        exchange.AllowMessages();
        using var writer = new PooledByteWriter(256);
        if (count > options.MaxMessagesPerCall)
        {
            Write(writer, McpLogLevel.Warning, Text($"This call has sent {options.MaxMessagesPerCall} messages; its further ones are left out."), logger: null);
        }
        else if (data.Length > options.MaxDataBytes)
        {
            Write(writer, level, Text(string.Create(CultureInfo.InvariantCulture, $"A message of {data.Length} bytes was left out; {options.MaxDataBytes} is the most.")), logger);
        }
        else
        {
            Write(writer, level, data, logger);
        }

        return exchange.NotifyCallAsync(generation, writer.WrittenSpan, cancellationToken);
    }

    private static void Write(PooledByteWriter writer, McpLogLevel level, ReadOnlySpan<byte> data, string? logger)
    {
        using var parameters = new PooledByteWriter(256);
        parameters.Write("{\"level\":\""u8);
        parameters.Write(LogLevels.NameOf(level));
        parameters.WriteByte((byte)'"');
        if (logger is not null)
        {
            parameters.Write(",\"logger\":"u8);
            JsonStringWriter.WriteString(parameters, logger.AsSpan());
        }

        parameters.Write(",\"data\":"u8);
        parameters.Write(data);
        parameters.WriteByte((byte)'}');
        JsonRpcWriter.WriteNotification(writer, "notifications/message"u8, parameters.WrittenSpan);
    }

    private static byte[] Text(string text)
    {
        using var writer = new PooledByteWriter(128);
        JsonStringWriter.WriteString(writer, text.AsSpan());
        return writer.WrittenSpan.ToArray();
    }
}
