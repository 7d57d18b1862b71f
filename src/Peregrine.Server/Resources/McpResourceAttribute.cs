namespace Peregrine.Server.Resources;

/// <summary>
/// Marks a method of a class marked <see cref="Tools.McpToolsAttribute"/> as a resource, or as a family of them where the address has variables: the method's parameters are the variables, by name. It returns a
/// text, bytes, an <see cref="McpResourceContents"/>, several, or an <see cref="McpResourceResult"/>.
/// </summary>
/// <param name="uri">The address, or the template of it (RFC 6570), such as <c>notes://{id}</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpResourceAttribute(string uri) : Attribute
{
    /// <summary>The address, or the template of it.</summary>
    public string Uri { get; } = uri;

    /// <summary>A name for programs; by default the method's name in snake_case, without a final "Async".</summary>
    public string? Name { get; set; }

    /// <summary>A name for people.</summary>
    public string? Title { get; set; }

    /// <summary>The type of the contents, such as <c>text/plain</c>.</summary>
    public string? MimeType { get; set; }

    /// <summary>How long a client may keep what it reads, in seconds (2026-07-28). Default 0.</summary>
    public double TimeToLiveSeconds { get; set; }

    /// <summary>True where the method blocks its thread.</summary>
    public bool Blocking { get; set; }
}
