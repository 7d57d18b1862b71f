namespace Peregrine.JsonSchema.Compilation;

/// <summary><c>$dynamicRef</c> to a <c>$dynamicAnchor</c>, or <c>$recursiveRef</c> to a <c>$recursiveAnchor</c>.</summary>
internal sealed class DynamicReference(string anchor, SchemaEdge initial)
{
    public string Anchor { get; } = anchor;

    /// <summary>Where it leads as an ordinary reference.</summary>
    public SchemaEdge Initial { get; } = initial;

    /// <summary>For each resource where it leads if that is the outermost in scope that has the anchor; null for one that has not.</summary>
    public SchemaEdge?[] ByResource { get; set; } = [];
}
