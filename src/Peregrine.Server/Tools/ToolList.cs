using System.Collections.Immutable;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Pagination;

namespace Peregrine.Server.Tools;

/// <summary>The items of <c>tools/list</c>.</summary>
internal sealed class ToolList(ImmutableArray<McpToolHandler> tools) : IListSource
{
    public ListKind Kind => ListKind.Tools;

    public ReadOnlySpan<byte> Head => "{\"tools\":["u8;

    public int Count => tools.Length;

    public string NameAt(int index) => tools[index].Definition.Name;

    public void WriteItem(PooledByteWriter writer, int index) => ToolListWriter.WriteTool(writer, tools[index].Definition);
}
