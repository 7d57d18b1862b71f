using System.Text;
using Peregrine.Client.Json;
using Peregrine.Client.Pipeline;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Client.Listing;

/// <summary>How the pages of one kind of list are asked for and read. Immutable and thread-safe.</summary>
/// <param name="method">The list's method.</param>
/// <param name="member">The member of the result that holds the items.</param>
/// <param name="key">The member of an item without which nobody could use it; items that lack it are left out.</param>
/// <param name="create">Makes an item of its key and its raw definition.</param>
internal sealed class ListReader<T>(McpMethod method, byte[] member, byte[] key, Func<string, ReadOnlyMemory<byte>, T> create)
{
    /// <summary>What is listed, for messages to people.</summary>
    internal string What => Encoding.UTF8.GetString(method.ToUtf8());

    /// <summary>Makes the request for a page; the first for a null cursor.</summary>
    internal ClientRequest Ask(string? cursor, TimeSpan timeout) => new(method, RequestSafety.ReadOnly) { Head = Parameters(cursor), Timeout = timeout };

    /// <summary>Reads a page.</summary>
    internal ListPage<T> Read(ReadOnlySpan<byte> result)
    {
        List<T> items = [];
        string? next = null;
        var members = new ObjectReader(result);
        while (members.Next())
        {
            if (members.Is(member))
            {
                ReadItems(members.Value, items);
            }
            else if (members.Is("nextCursor"u8) && JsonText.TryGetString(members.Value, out var cursor))
            {
                next = cursor;
            }
        }

        return new ListPage<T>(items, next);
    }

    private static byte[] Parameters(string? cursor)
    {
        if (cursor is null)
        {
            return [];
        }

        using var writer = new PooledByteWriter(64 + cursor.Length);
        writer.Write("{\"cursor\":"u8);
        JsonStringWriter.WriteString(writer, cursor);
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    private void ReadItems(ReadOnlySpan<byte> array, List<T> items)
    {
        // One copy for the page; its items are slices of it.
        var copy = array.ToArray().AsMemory();
        var elements = new ArrayReader(array);
        while (elements.Next())
        {
            if (ObjectReader.FindText(elements.Value, key) is { } name)
            {
                items.Add(create(name, elements.Range.Of(copy)));
            }
        }
    }
}
