namespace Peregrine.Client.Resources;

/// <summary>A family of resources that a server offers. Immutable; it owns its bytes.</summary>
public sealed class RemoteResourceTemplate : RemoteResourceDefinition
{
    internal RemoteResourceTemplate(string uriTemplate, ReadOnlyMemory<byte> definition)
        : base(definition) => UriTemplate = uriTemplate;

    /// <summary>The pattern of their URIs (RFC 6570): filled in, it can be read.</summary>
    public string UriTemplate { get; }

    /// <inheritdoc/>
    public override string ToString() => UriTemplate;
}
