using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Content;

namespace Peregrine.Server.Resources;

/// <summary>Writes resources: how they are listed, and what they hold. No state.</summary>
internal static class ResourceWriter
{
    /// <summary>Writes the members of a definition from <c>"uri"</c> to <c>"icons"</c>, without brace, annotations and _meta.</summary>
    internal static void WriteDefinitionMembers(PooledByteWriter writer, McpResourceDefinition resource)
    {
        writer.Write("\"uri\":"u8);
        JsonStringWriter.WriteString(writer, resource.Uri.AsSpan());
        JsonMembers.WriteText(writer, ",\"name\":"u8, resource.Name);
        JsonMembers.WriteText(writer, ",\"title\":"u8, resource.Title);
        JsonMembers.WriteText(writer, ",\"description\":"u8, resource.Description);
        JsonMembers.WriteText(writer, ",\"mimeType\":"u8, resource.MimeType);
        if (resource.Size is { } size)
        {
            writer.Write(",\"size\":"u8);
            JsonRpcWriter.WriteInteger(writer, size);
        }

        JsonMembers.WriteRaw(writer, ",\"icons\":"u8, resource.Icons);
    }

    /// <summary>Writes one element of <c>contents</c>: <c>{"uri":…,"text":…}</c> or <c>{"uri":…,"blob":…}</c>.</summary>
    internal static void WriteContents(PooledByteWriter writer, McpResourceContents contents)
    {
        writer.Write("{\"uri\":"u8);
        JsonStringWriter.WriteString(writer, contents.Uri.AsSpan());
        JsonMembers.WriteText(writer, ",\"mimeType\":"u8, contents.MimeType);
        JsonMembers.WriteRaw(writer, ",\"_meta\":"u8, contents.Meta);
        if (contents.Text is { } text)
        {
            JsonMembers.WriteText(writer, ",\"text\":"u8, text);
        }
        else
        {
            JsonMembers.WriteBase64(writer, ",\"blob\":"u8, contents.Bytes.Span);
        }

        writer.WriteByte((byte)'}');
    }
}
