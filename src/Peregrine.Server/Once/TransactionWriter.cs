using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Once;

/// <summary>Writes <c>mcp_tx</c> into replies. No state.</summary>
internal static class TransactionWriter
{
    /// <summary>The version of the protocol of keys that is spoken.</summary>
    internal static ReadOnlySpan<byte> Version => "0.1.0"u8;

    /// <summary>Writes the member for a result, or for the data of an error.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="transaction">What the request said.</param>
    /// <param name="epoch">The ledger's epoch now.</param>
    /// <param name="ack">True where the call was taken.</param>
    /// <param name="processed">True where the tool has run, false where it has not, null where that is not known.</param>
    /// <param name="duplicate">True where an earlier call's result is given.</param>
    internal static void Write(PooledByteWriter writer, Transaction transaction, string epoch, bool ack, bool? processed, bool duplicate)
    {
        writer.Write("\"mcp_tx\":{\"version\":\""u8);
        writer.Write(Version);
        writer.Write(ack ? "\",\"ack\":true"u8 : "\",\"ack\":false"u8);
        if (processed is { } known)
        {
            writer.Write(known ? ",\"processed\":true"u8 : ",\"processed\":false"u8);
        }

        writer.Write(duplicate ? ",\"duplicate\":true"u8 : ",\"duplicate\":false"u8);
        if (transaction.RequestId.Length > 0)
        {
            writer.Write(",\"request_id\":"u8);
            writer.Write(transaction.RequestId);
        }

        writer.Write(",\"attempts\":"u8);
        JsonRpcWriter.WriteInteger(writer, transaction.RetryCount + 1L);
        writer.Write(",\"epoch\":"u8);
        JsonStringWriter.WriteString(writer, epoch.AsSpan());
        writer.WriteByte((byte)'}');
    }

    /// <summary>Adds the member to the data of the error that the exchange is answered with.</summary>
    internal static void AddToError(McpExchange exchange, ReadOnlySpan<byte> member)
    {
        var reply = exchange.CompleteReply().Span;
        var (at, isObject) = FindData(reply);
        if (at == 0)
        {
            // ...}} : the end of the error and of the message.
            at = reply.Length - 2;
        }
        else if (!isObject)
        {
            return;
        }

        using var changed = new PooledByteWriter(reply.Length + member.Length + 16);
        changed.Write(reply[..at]);
        if (isObject)
        {
            changed.Write(member);
            changed.Write(reply[at] == (byte)'}' ? default : ","u8);
        }
        else
        {
            changed.Write(",\"data\":{"u8);
            changed.Write(member);
            changed.WriteByte((byte)'}');
        }

        changed.Write(reply[at..]);
        exchange.SetReply(changed.WrittenSpan, exchange.ErrorCode);
    }

    // Behind the opening brace of the error's data, where that is an object; 0 where there is none.
    private static (int At, bool IsObject) FindData(ReadOnlySpan<byte> reply)
    {
        var reader = new Utf8JsonReader(reply);
        reader.Read();
        while (reader.Read())
        {
            if (reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.PropertyName && JsonText.TokenEquals(reader, "data"u8))
            {
                reader.Read();
                return ((int)reader.TokenStartIndex + 1, reader.TokenType == JsonTokenType.StartObject);
            }
        }

        return (0, false);
    }
}
