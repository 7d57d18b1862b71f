using Peregrine.Client.Json;

namespace Peregrine.Client.Resources;

/// <summary>What a server says of a resource, or of a family of them. Immutable; it owns its bytes. The members that read from <see cref="Definition"/> do so anew at each look.</summary>
public abstract class RemoteResourceDefinition
{
    private protected RemoteResourceDefinition(ReadOnlyMemory<byte> definition) => Definition = definition;

    /// <summary>The definition as the server sent it: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Definition { get; }

    /// <summary>Its name; empty where it has none.</summary>
    public string Name => ObjectReader.FindText(Definition.Span, "name"u8) ?? "";

    /// <summary>Its name for people, where the server gives one.</summary>
    public string? Title => ObjectReader.FindText(Definition.Span, "title"u8);

    /// <summary>What it is, where the server says.</summary>
    public string? Description => ObjectReader.FindText(Definition.Span, "description"u8);

    /// <summary>Its media type, where the server says; of a family, where all have one.</summary>
    public string? MimeType => ObjectReader.FindText(Definition.Span, "mimeType"u8);
}
