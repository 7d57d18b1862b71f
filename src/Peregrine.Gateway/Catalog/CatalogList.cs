using System.Collections.Immutable;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Catalog;

/// <summary>All things of one kind that the gateway offers: a table to find them, and the list ready to be sent. Immutable.</summary>
internal sealed class CatalogList
{
    private readonly NameTable<CatalogItem> _table;
    private readonly int _listLength;

    /// <summary>Makes a list.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="items">The items; their names differ.</param>
    /// <param name="ending">What results have behind the list.</param>
    /// <param name="key">The key of the table.</param>
    internal CatalogList(OfferKind kind, List<CatalogItem> items, ListEnding ending, ulong key)
    {
        Items = [.. items];
        _table = new NameTable<CatalogItem>(Items.AsSpan(), static item => item.FullName, key);
        using var writer = new PooledByteWriter(16 * 1024);
        Write(writer, kind, items);
        _listLength = writer.Length;
        SessionResult = [.. writer.WrittenSpan, .. ending.Session];
        StatelessResult = [.. writer.WrittenSpan, .. ending.Stateless];
    }

    internal ImmutableArray<CatalogItem> Items { get; }

    /// <summary>The result for clients of the session era.</summary>
    internal byte[] SessionResult { get; }

    /// <summary>The result for clients of the stateless era.</summary>
    internal byte[] StatelessResult { get; }

    /// <summary>The item that clients call by this name; null where there is none.</summary>
    internal CatalogItem? Find(ReadOnlySpan<byte> fullName) => _table.Find(fullName);

    /// <summary>True where <paramref name="other"/> lists the same, to the byte; what stands behind the list does not count.</summary>
    internal bool ListsTheSameAs(CatalogList other) => SessionResult.AsSpan(0, _listLength).SequenceEqual(other.SessionResult.AsSpan(0, other._listLength));

    private static void Write(PooledByteWriter writer, OfferKind kind, List<CatalogItem> items)
    {
        writer.Write("{\""u8);
        writer.Write(kind.ListMember());
        writer.Write("\":["u8);
        for (var i = 0; i < items.Count; i++)
        {
            writer.Write(i == 0 ? "{\""u8 : ",{\""u8);
            writer.Write(kind.KeyMember());
            writer.Write("\":"u8);
            JsonStringWriter.WriteString(writer, items[i].FullName.AsSpan());
            writer.Write(items[i].Item.Members.Span);
            writer.WriteByte((byte)'}');
        }

        writer.WriteByte((byte)']');
    }
}
