using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;
using Peregrine.Server.Once;

namespace Peregrine.Gateway.Policies;

/// <summary>Writes requests with a key as a server that keeps keys must see them. No state.</summary>
internal static class KeyMessages
{
    /// <summary>Writes the request with its key in <c>_meta</c>: it came in a header, which goes no farther than the gateway.</summary>
    internal static void WriteWithKey(PooledByteWriter message, McpExchange exchange, ReadOnlySpan<byte> key)
    {
        var body = exchange.Body.Span;
        ref readonly var envelope = ref exchange.Envelope;
        var isNew = !envelope.Meta.IsPresent;
        var open = (isNew ? envelope.Params.Start : envelope.Meta.Start) + 1;
        message.Write(body[..open]);
        message.Write(isNew ? "\"_meta\":{"u8 : default);
        message.Write("\"mcp_tx\":{\"version\":\""u8);
        message.Write(TransactionWriter.Version);
        message.Write("\",\"idempotency_key\":"u8);
        JsonStringWriter.WriteString(message, System.Text.Encoding.UTF8.GetString(key).AsSpan());
        message.Write(isNew ? "}},"u8 : body[open..].TrimStart(" \t\r\n"u8)[0] == (byte)'}' ? "}"u8 : "},"u8);
        message.Write(body[open..]);
    }

    /// <summary>Writes the request with the epoch of the server's ledger in place of the gateway's.</summary>
    internal static void WriteWithEpoch(PooledByteWriter message, McpExchange exchange, string epoch)
    {
        var body = exchange.Body.Span;
        var transaction = exchange.Envelope.Transaction;
        var reader = new Utf8JsonReader(transaction.Of(body));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = JsonText.TokenEquals(reader, "epoch"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                message.Write(body[..(transaction.Start + start)]);
                JsonStringWriter.WriteString(message, epoch.AsSpan());
                message.Write(body[(transaction.Start + (int)reader.BytesConsumed)..]);
                return;
            }
        }

        message.Write(body);
    }
}
