using System.Collections.Immutable;
using Peregrine.Protocol.Buffers;
using Peregrine.Server.Pagination;

namespace Peregrine.Server.Prompts;

/// <summary>The items of <c>prompts/list</c>.</summary>
internal sealed class PromptList(ImmutableArray<McpPromptHandler> prompts) : IListSource
{
    public ListKind Kind => ListKind.Prompts;

    public ReadOnlySpan<byte> Head => "{\"prompts\":["u8;

    public int Count => prompts.Length;

    public string NameAt(int index) => prompts[index].Definition.Name;

    public void WriteItem(PooledByteWriter writer, int index) => PromptWriter.WriteDefinition(writer, prompts[index].Definition);
}
