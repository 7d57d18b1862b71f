using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Pagination;

/// <summary>The items of one list. Immutable.</summary>
internal interface IListSource
{
    ListKind Kind { get; }

    /// <summary>The result up to the first item, such as <c>{"tools":[</c>.</summary>
    ReadOnlySpan<byte> Head { get; }

    int Count { get; }

    /// <summary>What tells an item from the others of its list.</summary>
    string NameAt(int index);

    /// <summary>Writes one item: a JSON object.</summary>
    void WriteItem(PooledByteWriter writer, int index);
}
