using Peregrine.Server.Binding;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Content;
using Peregrine.Server.Dispatch;

namespace Peregrine.Server.Tools;

// Results of several blocks, and of other kinds than text.
public readonly partial struct McpCall
{
    /// <summary>Returns content blocks, in this order.</summary>
    /// <param name="blocks">The blocks; none gives a result without content.</param>
    public void ReturnContent(params ReadOnlySpan<McpContent> blocks) => ReturnContent(blocks, isError: false);

    /// <summary>Returns content blocks, in this order, as a result or as a failure of the tool.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="isError">True for a failure that the model may read and act on.</param>
    public void ReturnContent(ReadOnlySpan<McpContent> blocks, bool isError)
    {
        var exchange = Exchange;
        foreach (var block in blocks)
        {
            ArgumentNullException.ThrowIfNull(block, nameof(blocks));
        }

        ContentWriter.WriteAll(ToolResultWriter.Begin(exchange), blocks, exchange.Version);
        ToolResultWriter.End(exchange, _server!, isError);
    }

    /// <summary>Returns JSON: as a text block, and as structured content where it is an object (2025-06-18 and later).</summary>
    /// <param name="json">One JSON value, UTF-8.</param>
    /// <exception cref="ArgumentException">It is no JSON value.</exception>
    public void ReturnJson(ReadOnlySpan<byte> json) => ToolResults.ReturnJson(this, Utf8Json.Parse(json), static (writer, value) => writer.Value(value), ToolResultForm.Any);

    /// <summary>Returns what a call has returned that happened earlier.</summary>
    internal void ReturnReconciled(McpReconciliation found)
    {
        var exchange = Exchange;
        var writer = ToolResultWriter.Begin(exchange);
        ContentWriter.WriteAll(writer, [.. found.Content], exchange.Version);
        if (found.StructuredContent.IsEmpty || exchange.Version < ProtocolVersion.V2025_06_18)
        {
            ToolResultWriter.End(exchange, _server!, isError: false);
            return;
        }

        writer.Write("],\"structuredContent\":"u8);
        writer.Write(found.StructuredContent.Span);
        ToolResultWriter.EndMembers(exchange, _server!);
    }
}
