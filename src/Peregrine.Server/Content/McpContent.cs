using Peregrine.Server.Resources;

namespace Peregrine.Server.Content;

/// <summary>
/// One block of what a tool returns or a prompt says: text, an image, audio, a link to a resource, or a resource itself. Immutable; add <see cref="Meta"/> with <c>with</c>. What a client's revision
/// does not know is sent in the nearest form that it does (2024-11-05: audio as a resource; before 2025-06-18: a link as text).
/// </summary>
public sealed record McpContent
{
    private McpContent(ContentKind kind) => Kind = kind;

    /// <summary>What a client may want to know ahead of using the block; null leaves it out.</summary>
    public McpAnnotations? Annotations { get; init; }

    /// <summary>The block's <c>_meta</c>, a raw JSON object, or empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    public ReadOnlyMemory<byte> Meta { get; init => field = RawJson.TakeObject(value, nameof(Meta)); }

    internal ContentKind Kind { get; }

    /// <summary>The text of a text block.</summary>
    internal string? Utf16 { get; private init; }

    /// <summary>What an image or audio block holds.</summary>
    internal ReadOnlyMemory<byte> Data { get; private init; }

    internal string? MimeType { get; private init; }

    internal McpResourceDefinition? Link { get; private init; }

    internal McpResourceContents? Contents { get; private init; }

    /// <summary>A text.</summary>
    public static McpContent Text(string text, McpAnnotations? annotations = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new McpContent(ContentKind.Text) { Utf16 = text, Annotations = annotations };
    }

    /// <summary>An image.</summary>
    /// <param name="data">The file's bytes, as they are; must not change until the reply is sent.</param>
    /// <param name="mimeType">Their type, such as <c>image/png</c>.</param>
    /// <param name="annotations">What a client may want to know ahead.</param>
    public static McpContent Image(ReadOnlyMemory<byte> data, string mimeType, McpAnnotations? annotations = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        return new McpContent(ContentKind.Image) { Data = data, MimeType = mimeType, Annotations = annotations };
    }

    /// <summary>Audio.</summary>
    /// <param name="data">The file's bytes, as they are; must not change until the reply is sent.</param>
    /// <param name="mimeType">Their type, such as <c>audio/wav</c>.</param>
    /// <param name="annotations">What a client may want to know ahead.</param>
    public static McpContent Audio(ReadOnlyMemory<byte> data, string mimeType, McpAnnotations? annotations = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        return new McpContent(ContentKind.Audio) { Data = data, MimeType = mimeType, Annotations = annotations };
    }

    /// <summary>A link to a resource, which the client may read.</summary>
    /// <param name="resource">The resource; need not be one that the server lists. Its own annotations count where none are given.</param>
    /// <param name="annotations">What a client may want to know ahead.</param>
    public static McpContent ResourceLink(McpResourceDefinition resource, McpAnnotations? annotations = null)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new McpContent(ContentKind.ResourceLink) { Link = resource, Annotations = annotations ?? resource.Annotations, Meta = resource.Meta };
    }

    /// <summary>A resource itself.</summary>
    public static McpContent Resource(McpResourceContents contents, McpAnnotations? annotations = null)
    {
        ArgumentNullException.ThrowIfNull(contents);
        return new McpContent(ContentKind.Resource) { Contents = contents, Annotations = annotations };
    }
}
