using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.Bridging;

/// <summary>
/// Writes the <c>_meta</c> with which a call goes on to its upstream. Members unknown here go on as they came (2026-07-28, base protocol, _meta).
/// </summary>
internal static class MetaRewriter
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>Writes the object.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="meta">The caller's <c>_meta</c>, a raw JSON object; empty where there is none.</param>
    /// <param name="dropStateless">True leaves out what only the stateless era has: version, client and log level.</param>
    /// <param name="added">Raw members to add, without a comma around them; empty for none.</param>
    /// <param name="logLevel">The name of the least severe log messages that are wanted (2026-07-28); empty for none.</param>
    /// <param name="progressToken">The token that stands for the caller's on the connection; 0 for none.</param>
    /// <param name="traceParent">The gateway's own span (W3C), in place of the caller's; null leaves that as it is.</param>
    internal static void Write(
        PooledByteWriter writer, ReadOnlySpan<byte> meta, bool dropStateless, ReadOnlySpan<byte> added, ReadOnlySpan<byte> logLevel, long progressToken, string? traceParent = null)
    {
        writer.WriteByte((byte)'{');
        var start = writer.Length;
        writer.Write(added);
        if (!logLevel.IsEmpty)
        {
            writer.Write(writer.Length > start ? ",\"io.modelcontextprotocol/logLevel\":\""u8 : "\"io.modelcontextprotocol/logLevel\":\""u8);
            writer.Write(logLevel);
            writer.WriteByte((byte)'"');
        }

        if (progressToken != 0)
        {
            writer.Write(writer.Length > start ? ",\"progressToken\":"u8 : "\"progressToken\":"u8);
            JsonRpcWriter.WriteInteger(writer, progressToken);
        }

        if (traceParent is not null)
        {
            writer.Write(writer.Length > start ? ",\"traceparent\":"u8 : "\"traceparent\":"u8);
            JsonStringWriter.WriteString(writer, traceParent.AsSpan());
        }

        if (!meta.IsEmpty)
        {
            CopyMembers(writer, meta, dropStateless, traceParent is not null, start);
        }

        writer.WriteByte((byte)'}');
    }

    private static void CopyMembers(PooledByteWriter writer, ReadOnlySpan<byte> meta, bool dropStateless, bool dropTrace, int start)
    {
        var reader = new Utf8JsonReader(meta, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var memberStart = (int)reader.TokenStartIndex;
            var drop = JsonText.TokenEquals(reader, "progressToken"u8) || (dropStateless && IsStateless(ref reader)) || (dropTrace && JsonText.TokenEquals(reader, "traceparent"u8));
            reader.Read();
            reader.Skip();
            if (drop)
            {
                continue;
            }

            if (writer.Length > start)
            {
                writer.WriteByte((byte)',');
            }

            writer.Write(meta[memberStart..(int)reader.BytesConsumed]);
        }
    }

    private static bool IsStateless(ref Utf8JsonReader reader) =>
        JsonText.TokenEquals(reader, "io.modelcontextprotocol/protocolVersion"u8) || JsonText.TokenEquals(reader, "io.modelcontextprotocol/clientInfo"u8)
        || JsonText.TokenEquals(reader, "io.modelcontextprotocol/clientCapabilities"u8) || JsonText.TokenEquals(reader, "io.modelcontextprotocol/logLevel"u8);
}
