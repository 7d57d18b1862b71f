using Peregrine.Client.Json;

namespace Peregrine.Client.Resources;

/// <summary>A family of resources that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemoteResourceTemplate
{
    internal RemoteResourceTemplate(string uriTemplate, ReadOnlyMemory<byte> definition)
    {
        UriTemplate = uriTemplate;
        Definition = definition;
    }

    /// <summary>The pattern of their URIs (RFC 6570): filled in, it can be read.</summary>
    public string UriTemplate { get; }

    /// <summary>Its definition as the server sent it: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Definition { get; }

    /// <summary>Its name; empty where it has none. Read anew at each look, as are the following.</summary>
    public string Name => ObjectReader.FindText(Definition.Span, "name"u8) ?? "";

    /// <summary>Its name for people, where the server gives one.</summary>
    public string? Title => ObjectReader.FindText(Definition.Span, "title"u8);

    /// <summary>What they are, where the server says.</summary>
    public string? Description => ObjectReader.FindText(Definition.Span, "description"u8);

    /// <summary>Their media type, where all have one.</summary>
    public string? MimeType => ObjectReader.FindText(Definition.Span, "mimeType"u8);

    /// <inheritdoc/>
    public override string ToString() => UriTemplate;
}
