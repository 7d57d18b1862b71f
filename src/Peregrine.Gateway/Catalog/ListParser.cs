using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.Catalog;

/// <summary>Reads the result of <c>tools/list</c> and its like: splits each item into its key and the raw rest.</summary>
internal static class ListParser
{
    // Deeper than any message the envelope reader lets through, so that it never judges a second time.
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>Reads one page.</summary>
    /// <param name="kind">What is listed.</param>
    /// <param name="result">The result, raw JSON that was judged already.</param>
    /// <param name="items">Gets the items; what is no object with a key is left out.</param>
    /// <returns>The cursor of the next page, a raw JSON string; empty at the end.</returns>
    internal static byte[] Read(OfferKind kind, ReadOnlySpan<byte> result, List<UpstreamItem> items)
    {
        byte[] cursor = [];
        var reader = new Utf8JsonReader(result, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return cursor;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = JsonText.TokenEquals(reader, kind.ListMember());
            var isCursor = JsonText.TokenEquals(reader, "nextCursor"u8);
            reader.Read();
            if (isList && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadItems(kind, result, ref reader, items);
            }
            else if (isCursor && reader.TokenType == JsonTokenType.String)
            {
                cursor = RawValue(result, ref reader).ToArray();
            }
            else
            {
                reader.Skip();
            }
        }

        return cursor;
    }

    private static void ReadItems(OfferKind kind, ReadOnlySpan<byte> result, ref Utf8JsonReader reader, List<UpstreamItem> items)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
            }
            else if (ReadItem(kind, result, ref reader) is { } item)
            {
                items.Add(item);
            }
        }
    }

    private static UpstreamItem? ReadItem(OfferKind kind, ReadOnlySpan<byte> result, ref Utf8JsonReader reader)
    {
        using var members = new PooledByteWriter();
        byte[]? keyJson = null;
        string? key = null, title = null, description = null;
        ToolHeaders? headers = null;
        List<string> faults = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = JsonText.TokenEquals(reader, kind.KeyMember());
            var isTitle = JsonText.TokenEquals(reader, "title"u8);
            var isDescription = JsonText.TokenEquals(reader, "description"u8);
            var isSchema = kind == OfferKind.Tool && JsonText.TokenEquals(reader, "inputSchema"u8);

            // Tasks are not offered through the gateway, so a tool must not say that it takes part in them.
            var isExecution = kind == OfferKind.Tool && JsonText.TokenEquals(reader, "execution"u8);
            var member = RawValue(result, ref reader);
            reader.Read();
            var value = RawValue(result, ref reader);
            if (isKey)
            {
                keyJson ??= JsonText.TryGetString(value, out key) ? value.ToArray() : null;
            }
            else if (!isExecution)
            {
                title = isTitle && JsonText.TryGetString(value, out var text) ? text : title;
                headers = isSchema ? ToolHeaderReader.Read(value, faults) : headers;
                description = isDescription && JsonText.TryGetString(value, out text) ? text : description;
                members.WriteByte((byte)',');
                members.Write(member);
                members.WriteByte((byte)':');
                members.Write(value);
            }
        }

        if (keyJson is null)
        {
            return null;
        }

        var raw = members.WrittenSpan.ToArray();
        LineBreaks.ReplaceWithSpaces(raw);
        return new UpstreamItem(key!, keyJson, raw, title, description) { Headers = headers, HeaderFault = faults.Count > 0 ? faults[0] : null };
    }

    // The token at the reader, or the whole container that it opens, as it stands; the reader is at its end afterwards.
    private static ReadOnlySpan<byte> RawValue(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            // BytesConsumed is behind the colon here; the value span lies between the quotes.
            return json.Slice(start, reader.ValueSpan.Length + 2);
        }

        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
