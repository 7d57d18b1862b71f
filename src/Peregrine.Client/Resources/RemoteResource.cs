using Peregrine.Client.Json;

namespace Peregrine.Client.Resources;

/// <summary>A resource that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemoteResource : RemoteResourceDefinition
{
    internal RemoteResource(string uri, ReadOnlyMemory<byte> definition)
        : base(definition) => Uri = uri;

    /// <summary>Its URI, by which it is read: as the server wrote it.</summary>
    public string Uri { get; }

    /// <summary>Its length in bytes, where the server says. Read anew at each look.</summary>
    public long? Size => RawObject.FindInteger(Definition.Span, "size"u8);

    /// <inheritdoc/>
    public override string ToString() => Uri;
}
