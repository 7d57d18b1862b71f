using System.Text;
using Peregrine.Client.Json;

namespace Peregrine.Client.Content;

/// <summary>
/// One content block, of a tool's answer, a prompt or a question: a view over raw JSON, valid as long as what it was taken from. Its members are read anew at each look.
/// </summary>
public readonly struct ContentPart : IEquatable<ContentPart>
{
    internal ContentPart(ReadOnlyMemory<byte> raw) => Raw = raw;

    /// <summary>The block: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary><c>text</c>, <c>image</c>, <c>audio</c>, <c>resource_link</c>, <c>resource</c>, or what a newer revision adds; empty where it does not say.</summary>
    public string Type => ObjectReader.FindText(Raw.Span, "type"u8) ?? "";

    /// <summary>The text of a text block or of an embedded resource; null for others.</summary>
    public string? Text => ObjectReader.FindText(Raw.Span, "text"u8) ?? ObjectReader.FindText(Resource, "text"u8);

    /// <summary>The media type, where the block has one.</summary>
    public string? MimeType => ObjectReader.FindText(Raw.Span, "mimeType"u8) ?? ObjectReader.FindText(Resource, "mimeType"u8);

    /// <summary>The URI of a linked or embedded resource; null for others.</summary>
    public string? Uri => ObjectReader.FindText(Raw.Span, "uri"u8) ?? ObjectReader.FindText(Resource, "uri"u8);

    /// <summary>The name of a linked resource; null for others.</summary>
    public string? Name => ObjectReader.FindText(Raw.Span, "name"u8);

    private ReadOnlySpan<byte> Resource => ObjectReader.Find(Raw.Span, "resource"u8);

    /// <summary>The bytes of an image, of sound, or of a binary resource, decoded; empty where the block has none.</summary>
    /// <exception cref="FormatException">They are no Base64.</exception>
    public byte[] GetData()
    {
        var data = ObjectReader.FindText(Raw.Span, "data"u8) ?? ObjectReader.FindText(Resource, "blob"u8);
        return data is null ? [] : Convert.FromBase64String(data);
    }

    /// <inheritdoc/>
    public bool Equals(ContentPart other) => Raw.Span.SequenceEqual(other.Raw.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ContentPart other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Raw.Span);
        return hash.ToHashCode();
    }

    /// <summary>True where both have the same bytes.</summary>
    public static bool operator ==(ContentPart left, ContentPart right) => left.Equals(right);

    /// <summary>True where they differ.</summary>
    public static bool operator !=(ContentPart left, ContentPart right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Raw.Span);

    /// <summary>The blocks of an array, or the one block that stands in its place.</summary>
    internal static List<ContentPart> ReadAll(ReadOnlyMemory<byte> content)
    {
        List<ContentPart> parts = [];
        if (content.Span is [(byte)'{', ..])
        {
            parts.Add(new ContentPart(content));
            return parts;
        }

        var elements = new ArrayReader(content.Span);
        while (elements.Next())
        {
            parts.Add(new ContentPart(elements.Range.Of(content)));
        }

        return parts;
    }
}
