using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Resources;

namespace Peregrine.Server.Content;

/// <summary>Writes content blocks in the form that a revision knows (tools, "tool result"; prompts, "data types"). No state.</summary>
internal static class ContentWriter
{
    /// <summary>Writes blocks with commas between them, without brackets.</summary>
    internal static void WriteAll(PooledByteWriter writer, ReadOnlySpan<McpContent> blocks, ProtocolVersion version)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            if (i > 0)
            {
                writer.WriteByte((byte)',');
            }

            Write(writer, blocks[i], version);
        }
    }

    /// <summary>Writes one block.</summary>
    internal static void Write(PooledByteWriter writer, McpContent block, ProtocolVersion version)
    {
        switch (block.Kind)
        {
            case ContentKind.Text:
                WriteText(writer, block.Utf16);
                break;
            case ContentKind.Image:
                WriteMedia(writer, "{\"type\":\"image\",\"data\":"u8, block);
                break;
            case ContentKind.Audio when version >= ProtocolVersion.V2025_03_26:
                WriteMedia(writer, "{\"type\":\"audio\",\"data\":"u8, block);
                break;
            case ContentKind.Audio:
                writer.Write("{\"type\":\"resource\",\"resource\":"u8);
                ResourceWriter.WriteContents(writer, McpResourceContents.FromBytes("attachment:audio", block.Data, block.MimeType));
                break;
            case ContentKind.ResourceLink when version >= ProtocolVersion.V2025_06_18:
                writer.Write("{\"type\":\"resource_link\","u8);
                ResourceWriter.WriteDefinitionMembers(writer, block.Link!);
                break;
            case ContentKind.ResourceLink:
                WriteText(writer, $"{block.Link!.Title ?? block.Link.Name}: {block.Link.Uri}");
                break;
            default:
                writer.Write("{\"type\":\"resource\",\"resource\":"u8);
                ResourceWriter.WriteContents(writer, block.Contents!);
                break;
        }

        McpAnnotations.WriteMember(writer, block.Annotations);
        JsonMembers.WriteRaw(writer, ",\"_meta\":"u8, block.Meta);
        writer.WriteByte((byte)'}');
    }

    private static void WriteText(PooledByteWriter writer, string? text)
    {
        writer.Write("{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, text.AsSpan());
    }

    private static void WriteMedia(PooledByteWriter writer, ReadOnlySpan<byte> head, McpContent block)
    {
        JsonMembers.WriteBase64(writer, head, block.Data.Span);
        JsonMembers.WriteText(writer, ",\"mimeType\":"u8, block.MimeType);
    }
}
