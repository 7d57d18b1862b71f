using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Content;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

// Results whose items come one after the other. MCP has no form for them of its own: each item becomes a content block, and an element of the structured content where there is a schema; progress is
// told of where the caller asked. Where the reply has a stream to itself it is written as items come. Elsewhere a reply is one piece, so items are kept, up to a bound.
public static partial class ToolResults
{
    /// <summary>Returns items that generated code writes, as they come.</summary>
    /// <param name="call">The call.</param>
    /// <param name="items">The items; null for a result without content.</param>
    /// <param name="write">Writes one.</param>
    /// <param name="form">What becomes of one.</param>
    public static ValueTask ReturnStreamAsync<T>(McpCall call, IAsyncEnumerable<T>? items, Action<ToolJson, T> write, ToolStreamForm form)
    {
        ArgumentNullException.ThrowIfNull(write);
        return ReturnStreamAsync(call, items, new JsonItemWriter<T>(call, write, form));
    }

    /// <summary>Returns content blocks as they come.</summary>
    /// <param name="call">The call.</param>
    /// <param name="items">The blocks; null for a result without content.</param>
    public static ValueTask ReturnStreamAsync(McpCall call, IAsyncEnumerable<McpContent>? items) => ReturnStreamAsync(call, items, new ContentItemWriter(call.Exchange.Version));

    private static ValueTask ReturnStreamAsync<T>(McpCall call, IAsyncEnumerable<T>? items, ItemWriter<T> writer)
    {
        if (items is null)
        {
            call.ReturnNothing();
            return default;
        }

        var exchange = call.Exchange;
        if (exchange.CanStreamResult && !writer.IsStructured && !call.WantsProgress)
        {
            exchange.ReturnStreamed(new ItemStream<T>(call, items, writer));
            return default;
        }

        return BufferAsync(call, exchange, items, writer);
    }

    private static async ValueTask BufferAsync<T>(McpCall call, McpExchange exchange, IAsyncEnumerable<T> items, ItemWriter<T> writer)
    {
        using var blocks = new PooledByteWriter();
        using var elements = writer.IsStructured ? new PooledByteWriter() : null;
        var limit = call.Server.Options.MaxBufferedResultBytes;
        var count = 0;
        await foreach (var item in items.WithCancellation(call.CancellationToken).ConfigureAwait(false))
        {
            if (count++ > 0)
            {
                blocks.WriteByte((byte)',');
                elements?.WriteByte((byte)',');
            }

            writer.Write(blocks, elements, item);
            if (blocks.Length + (elements?.Length ?? 0) > limit)
            {
                exchange.Fail(ErrorCodes.ResourceExhausted, $"The result has more than {limit} bytes, which is what this connection takes in one reply. Ask for less, or call the tool over HTTP.", "{\"retryable\":false}"u8);
                return;
            }

            await call.ReportProgressAsync(count).ConfigureAwait(false);
        }

        var reply = ToolResultWriter.Begin(exchange);
        reply.Write(blocks.WrittenSpan);
        if (elements is null || exchange.Version < ProtocolVersion.V2025_06_18)
        {
            ToolResultWriter.End(exchange, call.Server, isError: false);
            return;
        }

        reply.Write("],\"structuredContent\":{\"result\":["u8);
        reply.Write(elements.WrittenSpan);
        reply.Write("]}"u8);
        ToolResultWriter.EndMembers(exchange, call.Server);
    }
}
