using Peregrine.Client.Json;

namespace Peregrine.Client.Resources;

/// <summary>A resource that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemoteResource
{
    internal RemoteResource(string uri, ReadOnlyMemory<byte> definition)
    {
        Uri = uri;
        Definition = definition;
    }

    /// <summary>Its URI, by which it is read: as the server wrote it.</summary>
    public string Uri { get; }

    /// <summary>Its definition as the server sent it: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Definition { get; }

    /// <summary>Its name; empty where it has none. Read anew at each look, as are the following.</summary>
    public string Name => ObjectReader.FindText(Definition.Span, "name"u8) ?? "";

    /// <summary>Its name for people, where the server gives one.</summary>
    public string? Title => ObjectReader.FindText(Definition.Span, "title"u8);

    /// <summary>What it is, where the server says.</summary>
    public string? Description => ObjectReader.FindText(Definition.Span, "description"u8);

    /// <summary>Its media type, where the server says.</summary>
    public string? MimeType => ObjectReader.FindText(Definition.Span, "mimeType"u8);

    /// <summary>Its length in bytes, where the server says.</summary>
    public long? Size => RawObject.FindInteger(Definition.Span, "size"u8);

    /// <inheritdoc/>
    public override string ToString() => Uri;
}
