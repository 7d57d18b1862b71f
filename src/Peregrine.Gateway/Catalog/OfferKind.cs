namespace Peregrine.Gateway.Catalog;

/// <summary>What kind of thing an upstream offers.</summary>
internal enum OfferKind : byte
{
    /// <summary>A tool.</summary>
    Tool,

    /// <summary>A prompt.</summary>
    Prompt,

    /// <summary>A resource.</summary>
    Resource,

    /// <summary>A resource template.</summary>
    ResourceTemplate,
}
