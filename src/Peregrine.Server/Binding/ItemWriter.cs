using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Content;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>Writes one item of a result whose items come one after the other. For one thread.</summary>
internal abstract class ItemWriter<T>
{
    /// <summary>True where items are also elements of the structured content.</summary>
    internal virtual bool IsStructured => false;

    /// <summary>Writes an item as a content block, and as an element.</summary>
    internal abstract void Write(PooledByteWriter block, PooledByteWriter? element, T item);
}

/// <summary>Writes items that generated code knows how to write.</summary>
internal sealed class JsonItemWriter<T>(McpCall call, Action<ToolJson, T> write, ToolStreamForm form) : ItemWriter<T>
{
    private readonly System.Text.Json.Serialization.JsonSerializerContext? _context = call.Server.Options.Json;

    internal override bool IsStructured => form == ToolStreamForm.Structured;

    internal override void Write(PooledByteWriter block, PooledByteWriter? element, T item)
    {
        block.Write("{\"type\":\"text\",\"text\":"u8);
        if (form == ToolStreamForm.Text && item is not null)
        {
            // A text is its own JSON.
            write(new ToolJson(block, _context), item);
            block.WriteByte((byte)'}');
            return;
        }

        using var json = new PooledByteWriter();
        write(new ToolJson(json, _context), item);
        JsonStringWriter.WriteString(block, json.WrittenSpan);
        block.WriteByte((byte)'}');
        element?.Write(json.WrittenSpan);
    }
}

/// <summary>Writes content blocks.</summary>
internal sealed class ContentItemWriter(ProtocolVersion version) : ItemWriter<McpContent>
{
    internal override void Write(PooledByteWriter block, PooledByteWriter? element, McpContent item) => ContentWriter.Write(block, item, version);
}
