namespace Peregrine.JsonSchema.Compilation;

/// <summary>Schemas that apply to the same value.</summary>
internal sealed class InPlaceRules
{
    public SchemaEdge? Ref { get; set; }

    public DynamicReference? Dynamic { get; set; }

    public SchemaEdge[] AllOf { get; set; } = [];

    public SchemaEdge[] AnyOf { get; set; } = [];

    public SchemaEdge[] OneOf { get; set; } = [];

    public SchemaEdge? Not { get; set; }

    public SchemaEdge? If { get; set; }

    public SchemaEdge? Then { get; set; }

    public SchemaEdge? Else { get; set; }

    /// <summary>All schemas that are applied whatever the dynamic scope is.</summary>
    public IEnumerable<SchemaEdge> Edges
    {
        get
        {
            SchemaEdge?[] single = [Ref, Dynamic?.Initial, Not, If, Then, Else];
            return [.. single.OfType<SchemaEdge>(), .. AllOf, .. AnyOf, .. OneOf];
        }
    }
}
