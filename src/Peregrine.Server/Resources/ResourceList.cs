using System.Collections.Immutable;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Content;
using Peregrine.Server.Pagination;

namespace Peregrine.Server.Resources;

/// <summary>The items of <c>resources/list</c>.</summary>
internal sealed class ResourceList(ImmutableArray<McpResourceHandler> resources) : IListSource
{
    public ListKind Kind => ListKind.Resources;

    public ReadOnlySpan<byte> Head => "{\"resources\":["u8;

    public int Count => resources.Length;

    public string NameAt(int index) => resources[index].Definition.Uri;

    public void WriteItem(PooledByteWriter writer, int index)
    {
        var resource = resources[index].Definition;
        writer.WriteByte((byte)'{');
        ResourceWriter.WriteDefinitionMembers(writer, resource);
        McpAnnotations.WriteMember(writer, resource.Annotations);
        JsonMembers.WriteRaw(writer, ",\"_meta\":"u8, resource.Meta);
        writer.WriteByte((byte)'}');
    }
}
