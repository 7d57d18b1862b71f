using Peregrine.Server.Content;

namespace Peregrine.Server.Resources;

/// <summary>What a family of resources is: everything that <c>resources/templates/list</c> says of it, and how it wants to be read. Immutable.</summary>
public sealed record McpResourceTemplateDefinition
{
    /// <summary>
    /// The addresses of the family: a URI template (RFC 6570, levels 1 to 3, and lists such as <c>{/path*}</c>). Where several templates of a server fit a URI, the first one added counts.
    /// </summary>
    public required string UriTemplate { get; init; }

    /// <summary>A name, for programs.</summary>
    public required string Name { get; init; }

    /// <summary>A name for people, or null (2025-06-18 and later).</summary>
    public string? Title { get; init; }

    /// <summary>What the resources hold, for the model, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The type of their contents where all have the same, or null.</summary>
    public string? MimeType { get; init; }

    /// <summary>What a client may want to know ahead of reading one; null leaves it out.</summary>
    public McpAnnotations? Annotations { get; init; }

    /// <summary>The icons, a raw JSON array, or empty (2025-11-25 and later).</summary>
    /// <exception cref="ArgumentException">It is no JSON array.</exception>
    public ReadOnlyMemory<byte> Icons { get; init => field = RawJson.TakeArray(value, nameof(Icons)); }

    /// <summary>The family's <c>_meta</c>, a raw JSON object, or empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    public ReadOnlyMemory<byte> Meta { get; init => field = RawJson.TakeObject(value, nameof(Meta)); }

    /// <summary>How long a client may keep what it reads (2026-07-28). Zero or more.</summary>
    /// <value>Zero: it must read again.</value>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>For whom what is read may be kept (2026-07-28).</summary>
    /// <value>Private.</value>
    public McpCacheScope CacheScope { get; init; }

    /// <summary>How long the server may answer with what was read before. Zero or more.</summary>
    /// <value>Zero: each read runs the handler.</value>
    public TimeSpan CacheDuration { get; init; }

    /// <summary>What cached contents depend on: a tool that invalidates one of these tags drops them.</summary>
    public IReadOnlyList<string> CacheTags { get; init; } = [];

    /// <summary>True where the handler blocks its thread.</summary>
    public bool Blocking { get; init; }
}
