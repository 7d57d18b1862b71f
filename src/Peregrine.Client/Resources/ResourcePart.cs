using Peregrine.Client.Json;

namespace Peregrine.Client.Resources;

/// <summary>One of the contents that reading a resource gave: a view over raw JSON, valid as long as the result. Its members are read anew at each look.</summary>
public readonly record struct ResourcePart
{
    internal ResourcePart(ReadOnlyMemory<byte> raw) => Raw = raw;

    /// <summary>The contents: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>Its URI; empty where it does not say.</summary>
    public string Uri => ObjectReader.FindText(Raw.Span, "uri"u8) ?? "";

    /// <summary>Its media type, where the server says.</summary>
    public string? MimeType => ObjectReader.FindText(Raw.Span, "mimeType"u8);

    /// <summary>Its text; null where it is binary.</summary>
    public string? Text => ObjectReader.FindText(Raw.Span, "text"u8);

    /// <summary>Its bytes, decoded; empty where it is text.</summary>
    /// <exception cref="FormatException">They are no Base64.</exception>
    public byte[] GetBlob() => ObjectReader.FindText(Raw.Span, "blob"u8) is { } blob ? Convert.FromBase64String(blob) : [];
}
