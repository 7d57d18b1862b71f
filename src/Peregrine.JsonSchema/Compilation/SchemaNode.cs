using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>
/// One schema, compiled: what each type of value must fulfil. Filled once while compiling, never changed afterwards, shared by all threads. What a schema does not say is null and
/// costs a check.
/// </summary>
internal sealed class SchemaNode(SchemaPosition position)
{
    /// <summary>Every type: the schema has no <c>type</c>.</summary>
    public const JsonTypes AllTypes = (JsonTypes)0xFF;

    public SchemaPosition Position { get; } = position;

    /// <summary>Index of the resource, for the dynamic scope.</summary>
    public int Resource { get; } = position.Resource.Index;

    /// <summary>The types allowed. <see cref="JsonTypes.Integer"/> alone for <c>integer</c>.</summary>
    public JsonTypes Types { get; set; } = AllTypes;

    /// <summary>The types alone decide, or nothing does.</summary>
    public bool IsTypeOnly { get; set; }

    /// <summary>Nothing but the value itself decides, by its type, its size or what it is equal to: no other schema applies to it or to what it holds.</summary>
    public bool IsLeaf { get; set; }

    /// <summary>The schema <c>false</c>.</summary>
    public bool IsNever { get; set; }

    public ValueRules? Values { get; set; }

    public NumberRules? Numbers { get; set; }

    public StringRules? Strings { get; set; }

    public ArrayRules? Arrays { get; set; }

    public ObjectRules? Objects { get; set; }

    public InPlaceRules? InPlace { get; set; }

    /// <summary>For objects, all of this schema in one set of rules, where it is composed of parts that allow it; see <see cref="ObjectMerger"/>.</summary>
    public ObjectRules? Merged { get; set; }

    /// <summary>Applies to what no other keyword has evaluated.</summary>
    public SchemaEdge? UnevaluatedItems { get; set; }

    public SchemaEdge? UnevaluatedProperties { get; set; }
}
