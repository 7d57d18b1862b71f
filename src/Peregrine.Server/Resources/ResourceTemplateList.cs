using System.Collections.Immutable;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Content;
using Peregrine.Server.Pagination;

namespace Peregrine.Server.Resources;

/// <summary>The items of <c>resources/templates/list</c>.</summary>
internal sealed class ResourceTemplateList(ImmutableArray<McpResourceTemplateHandler> templates) : IListSource
{
    public ListKind Kind => ListKind.ResourceTemplates;

    public ReadOnlySpan<byte> Head => "{\"resourceTemplates\":["u8;

    public int Count => templates.Length;

    public string NameAt(int index) => templates[index].Definition.UriTemplate;

    public void WriteItem(PooledByteWriter writer, int index)
    {
        var template = templates[index].Definition;
        writer.Write("{\"uriTemplate\":"u8);
        JsonStringWriter.WriteString(writer, template.UriTemplate.AsSpan());
        JsonMembers.WriteText(writer, ",\"name\":"u8, template.Name);
        JsonMembers.WriteText(writer, ",\"title\":"u8, template.Title);
        JsonMembers.WriteText(writer, ",\"description\":"u8, template.Description);
        JsonMembers.WriteText(writer, ",\"mimeType\":"u8, template.MimeType);
        JsonMembers.WriteRaw(writer, ",\"icons\":"u8, template.Icons);
        McpAnnotations.WriteMember(writer, template.Annotations);
        JsonMembers.WriteRaw(writer, ",\"_meta\":"u8, template.Meta);
        writer.WriteByte((byte)'}');
    }
}
