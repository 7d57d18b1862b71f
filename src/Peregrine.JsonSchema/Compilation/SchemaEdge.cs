namespace Peregrine.JsonSchema.Compilation;

/// <summary>The way from a schema to one that it applies, and what it is called in a keyword location.</summary>
internal sealed class SchemaEdge(SchemaNode target, string path)
{
    public SchemaNode Target { get; } = target;

    /// <summary>The part of a keyword location, such as <c>/properties/city</c> or <c>/$ref</c>.</summary>
    public string Path { get; } = path;
}
