using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Dispatch;

/// <summary>Writes <c>CallToolResult</c> in both eras.</summary>
internal static class ToolResultWriter
{
    /// <summary>Begins the reply, up to the inside of the <c>content</c> array.</summary>
    internal static PooledByteWriter Begin(McpExchange exchange)
    {
        var writer = exchange.BeginResult();
        writer.Write("{\"content\":["u8);
        return writer;
    }

    /// <summary>Ends the content, the result and the reply.</summary>
    /// <param name="exchange">Receives the result.</param>
    /// <param name="server">The server that answers.</param>
    /// <param name="isError">True for a failure of the tool.</param>
    /// <param name="structured">The structured content, raw JSON; empty leaves it out.</param>
    internal static void End(McpExchange exchange, PeregrineServer server, bool isError, ReadOnlySpan<byte> structured = default)
    {
        var writer = exchange.Reply;
        writer.WriteByte((byte)']');
        if (!structured.IsEmpty)
        {
            writer.Write(",\"structuredContent\":"u8);
            writer.Write(structured);
        }

        if (isError)
        {
            writer.Write(",\"isError\":true"u8);
            exchange.IsToolError = true;
        }

        EndMembers(exchange, server);
    }

    /// <summary>Ends the result and the reply, behind any of its members.</summary>
    internal static void EndMembers(McpExchange exchange, PeregrineServer server)
    {
        var writer = exchange.Reply;
        if (exchange.Era == ProtocolEra.Stateless)
        {
            writer.Write(server.StatelessResultSuffix);
        }

        writer.Write("}}"u8);
    }

    /// <summary>Writes a result with <c>isError</c> and one text block.</summary>
    internal static void WriteToolError(McpExchange exchange, PeregrineServer server, ReadOnlySpan<char> message)
    {
        var writer = Begin(exchange);
        writer.Write("{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, message);
        writer.WriteByte((byte)'}');
        End(exchange, server, isError: true);
    }
}
