using Peregrine.JsonSchema.Compilation;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Comparing;

/// <summary>The types of JSON Schema, numbers parted by whether they are whole: every value is of exactly one kind.</summary>
[Flags]
internal enum ValueKinds : byte
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    String = 16,
    Whole = 32,
    Fraction = 64,
    All = 127,
}

/// <summary>Kinds of what schemas and texts have.</summary>
internal static class ValueKindReader
{
    public static IReadOnlyList<ValueKinds> Each { get; } =
        [ValueKinds.Null, ValueKinds.Boolean, ValueKinds.Object, ValueKinds.Array, ValueKinds.String, ValueKinds.Whole, ValueKinds.Fraction];

    /// <summary>What the keyword <c>type</c> of a schema allows.</summary>
    public static ValueKinds Of(SchemaNode node)
    {
        if (node.IsNever)
        {
            return ValueKinds.None;
        }

        var types = node.Types;
        return (types.HasFlag(JsonTypes.Null) ? ValueKinds.Null : 0)
            | (types.HasFlag(JsonTypes.Boolean) ? ValueKinds.Boolean : 0)
            | (types.HasFlag(JsonTypes.Object) ? ValueKinds.Object : 0)
            | (types.HasFlag(JsonTypes.Array) ? ValueKinds.Array : 0)
            | (types.HasFlag(JsonTypes.String) ? ValueKinds.String : 0)
            | (types.HasFlag(JsonTypes.Number) ? ValueKinds.Whole | ValueKinds.Fraction : 0)
            | (types.HasFlag(JsonTypes.Integer) ? ValueKinds.Whole : 0);
    }

    /// <summary>The kind of a value.</summary>
    public static ValueKinds Of(scoped JsonText text, int token)
    {
        var types = text.Tokens[token].Types;
        return types switch
        {
            JsonTypes.Null => ValueKinds.Null,
            JsonTypes.Boolean => ValueKinds.Boolean,
            JsonTypes.Object => ValueKinds.Object,
            JsonTypes.Array => ValueKinds.Array,
            JsonTypes.String => ValueKinds.String,
            _ => new JsonNumber(text.Raw(token)).IsInteger ? ValueKinds.Whole : ValueKinds.Fraction,
        };
    }
}
