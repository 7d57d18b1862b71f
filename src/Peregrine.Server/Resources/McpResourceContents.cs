using Peregrine.Server.Content;

namespace Peregrine.Server.Resources;

/// <summary>What a resource holds: a text or bytes, with its address. Immutable; add <see cref="Meta"/> with <c>with</c>.</summary>
public sealed record McpResourceContents
{
    private McpResourceContents(string uri, string? mimeType)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        Uri = uri;
        MimeType = mimeType;
    }

    /// <summary>The address of these contents.</summary>
    public string Uri { get; }

    /// <summary>Their type, or null.</summary>
    public string? MimeType { get; }

    /// <summary>The <c>_meta</c> of these contents, a raw JSON object, or empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    public ReadOnlyMemory<byte> Meta { get; init => field = RawJson.TakeObject(value, nameof(Meta)); }

    /// <summary>The text; null where the contents are bytes.</summary>
    internal string? Text { get; private init; }

    /// <summary>The bytes where <see cref="Text"/> is null.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>A text.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="text">The text.</param>
    /// <param name="mimeType">Its type, such as <c>text/markdown</c>, or null.</param>
    public static McpResourceContents FromText(string uri, string text, string? mimeType = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new McpResourceContents(uri, mimeType) { Text = text };
    }

    /// <summary>Bytes, which are sent as base64.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="bytes">The bytes as they are; must not change until the reply is sent.</param>
    /// <param name="mimeType">Their type, such as <c>image/png</c>, or null.</param>
    public static McpResourceContents FromBytes(string uri, ReadOnlyMemory<byte> bytes, string? mimeType = null) => new(uri, mimeType) { Bytes = bytes };
}
