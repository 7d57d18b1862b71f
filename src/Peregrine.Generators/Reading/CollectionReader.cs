using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads what arrays, lists, sets and dictionaries hold.</summary>
internal static class CollectionReader
{
    private const string Generic = "System.Collections.Generic.";

    /// <summary>The type as a collection; null where it is none that is known.</summary>
    internal static CompositeModel? Read(ShapeReader shapes, ITypeSymbol type, CompositeModel start)
    {
        if (type is IArrayTypeSymbol { Rank: 1 } array)
        {
            return With(shapes, start, CompositeKind.List, array.ElementType, "List", "items.ToArray()");
        }

        if (type is not INamedTypeSymbol { TypeArguments.Length: 1 or 2 } named)
        {
            return null;
        }

        var item = named.TypeArguments[named.TypeArguments.Length - 1];
        return KnownNames.PlainNameOf(type) switch
        {
            Generic + "List" or Generic + "IList" or Generic + "ICollection" or Generic + "IEnumerable" or Generic + "IReadOnlyList" or Generic + "IReadOnlyCollection" =>
                With(shapes, start, CompositeKind.List, item, "List", "items"),
            "System.Collections.Immutable.ImmutableArray" or "System.Collections.Immutable.ImmutableList" => With(shapes, start, CompositeKind.List, item, "List", "[.. items]"),
            Generic + "HashSet" or Generic + "ISet" or Generic + "IReadOnlySet" => With(shapes, start, CompositeKind.Set, item, "HashSet", "items"),
            Generic + "SortedSet" => With(shapes, start, CompositeKind.Set, item, "SortedSet", "items"),
            Generic + "Dictionary" or Generic + "IDictionary" or Generic + "IReadOnlyDictionary" when named.TypeArguments[0].SpecialType == SpecialType.System_String =>
                With(shapes, start, CompositeKind.Dictionary, item, "Dictionary", "items"),
            Generic + "SortedDictionary" when named.TypeArguments[0].SpecialType == SpecialType.System_String =>
                With(shapes, start, CompositeKind.Dictionary, item, "SortedDictionary", "items"),
            _ => null,
        };
    }

    /// <summary>True for the interfaces among them.</summary>
    internal static bool IsKnown(ITypeSymbol type) => KnownNames.PlainNameOf(type) is Generic + "IList" or Generic + "ICollection" or Generic + "IEnumerable" or Generic + "IReadOnlyList"
        or Generic + "IReadOnlyCollection" or Generic + "ISet" or Generic + "IReadOnlySet" or Generic + "IDictionary" or Generic + "IReadOnlyDictionary";

    private static CompositeModel? With(ShapeReader shapes, CompositeModel start, CompositeKind kind, ITypeSymbol itemType, string collection, string result)
    {
        if (itemType.IsRefLikeType || itemType.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
        {
            return null;
        }

        var (item, isNullable) = shapes.Read(itemType);
        isNullable |= !itemType.IsValueType && itemType.NullableAnnotation == NullableAnnotation.None;
        var itemName = item.TypeName + (isNullable ? "?" : "");
        var build = $"global::System.Collections.Generic.{collection}<{(kind == CompositeKind.Dictionary ? "string, " : "")}{itemName}>";
        return start with { Kind = kind, Item = item, IsItemNullable = isNullable, Build = (build, result) };
    }
}
