using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.Text;
using Peregrine.Server.Content;

namespace Peregrine.Server.Tools;

/// <summary>Writes the elements of <c>tools/list</c>. Schemas go out as their own bytes, only raw line breaks become spaces.</summary>
internal static class ToolListWriter
{
    internal static void WriteTool(PooledByteWriter writer, McpToolDefinition tool)
    {
        writer.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(writer, tool.Name.AsSpan());
        JsonMembers.WriteText(writer, ",\"title\":"u8, tool.Title);
        JsonMembers.WriteText(writer, ",\"description\":"u8, tool.Description);
        writer.Write(",\"inputSchema\":"u8);
        WriteSchema(writer, tool.InputSchema.Span);
        if (!tool.OutputSchema.IsEmpty)
        {
            writer.Write(",\"outputSchema\":"u8);
            WriteSchema(writer, tool.OutputSchema.Span);
        }

        WriteAnnotations(writer, tool);
        JsonMembers.WriteRaw(writer, ",\"icons\":"u8, tool.Icons);
        JsonMembers.WriteRaw(writer, ",\"_meta\":"u8, tool.Meta);
        writer.WriteByte((byte)'}');
    }

    private static void WriteSchema(PooledByteWriter writer, ReadOnlySpan<byte> schema)
    {
        byte[] line = [.. schema];
        LineBreaks.ReplaceWithSpaces(line);
        writer.Write(line);
    }

    private static void WriteAnnotations(PooledByteWriter writer, McpToolDefinition tool)
    {
        var separator = ",\"annotations\":{"u8;
        var start = writer.Length;
        WriteHint(writer, ref separator, "\"readOnlyHint\":"u8, tool.ReadOnly);
        WriteHint(writer, ref separator, "\"destructiveHint\":"u8, tool.Destructive);
        WriteHint(writer, ref separator, "\"idempotentHint\":"u8, tool.Idempotent);
        WriteHint(writer, ref separator, "\"openWorldHint\":"u8, tool.OpenWorld);
        if (writer.Length > start)
        {
            writer.WriteByte((byte)'}');
        }
    }

    private static void WriteHint(PooledByteWriter writer, ref ReadOnlySpan<byte> separator, ReadOnlySpan<byte> member, bool? hint)
    {
        if (hint is { } value)
        {
            writer.Write(separator);
            writer.Write(member);
            writer.Write(value ? "true"u8 : "false"u8);
            separator = ","u8;
        }
    }
}
