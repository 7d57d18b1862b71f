using Peregrine.JsonSchema.Dialects;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>A schema resource: the root of a document, or a subschema with an <c>$id</c> of its own (2020-12 core, section 4.3.5). References and anchors resolve against it.</summary>
internal sealed class SchemaResource(string uri, SchemaDocument document, int token, Dialect dialect, int index)
{
    /// <summary>The name under which <c>$recursiveAnchor</c> is kept among the dynamic anchors; no anchor can be called so.</summary>
    public const string RecursiveAnchor = "#";

    /// <summary>The canonical URI without fragment; empty or relative where no <c>$id</c> makes it absolute.</summary>
    public string Uri { get; } = uri;

    public SchemaDocument Document { get; } = document;

    /// <summary>The root schema of the resource.</summary>
    public int Token { get; } = token;

    public Dialect Dialect { get; } = dialect;

    /// <summary>Number in the order of discovery, for the dynamic scope.</summary>
    public int Index { get; } = index;

    /// <summary>Tokens of schemas by <c>$anchor</c> and <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, int> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Tokens of schemas by <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, int> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}
