using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Finds what a type is in JSON.</summary>
internal static class ShapeReader
{
    /// <summary>The shape of <paramref name="type"/> and whether null belongs to it; null where it has none.</summary>
    internal static (ValueShape Shape, bool IsNullable)? Read(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return ReadPlain(nullable.TypeArguments[0]) is { } inner ? (inner, true) : null;
        }

        return ReadPlain(type) is { } shape ? (shape, type.NullableAnnotation == NullableAnnotation.Annotated) : null;
    }

    private static ValueShape? ReadPlain(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum)
        {
            return ReadEnum((INamedTypeSymbol)type);
        }

        return KindOf(type) is { } kind
            ? new ValueShape(kind, type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(KnownNames.FullName), type.IsValueType, default)
            : null;
    }

    private static ShapeKind? KindOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => ShapeKind.String,
        SpecialType.System_Boolean => ShapeKind.Boolean,
        SpecialType.System_SByte => ShapeKind.SByte,
        SpecialType.System_Byte => ShapeKind.Byte,
        SpecialType.System_Int16 => ShapeKind.Int16,
        SpecialType.System_UInt16 => ShapeKind.UInt16,
        SpecialType.System_Int32 => ShapeKind.Int32,
        SpecialType.System_UInt32 => ShapeKind.UInt32,
        SpecialType.System_Int64 => ShapeKind.Int64,
        SpecialType.System_UInt64 => ShapeKind.UInt64,
        SpecialType.System_Single => ShapeKind.Single,
        SpecialType.System_Double => ShapeKind.Double,
        SpecialType.System_Decimal => ShapeKind.Decimal,
        SpecialType.System_Char => ShapeKind.Char,
        SpecialType.System_DateTime => ShapeKind.DateTime,
        _ => KindByName(type),
    };

    private static ShapeKind? KindByName(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
        {
            return ShapeKind.Bytes;
        }

        return KnownNames.PlainNameOf(type) switch
        {
            "System.Guid" => ShapeKind.Guid,
            "System.DateTimeOffset" => ShapeKind.DateTimeOffset,
            "System.DateOnly" => ShapeKind.DateOnly,
            "System.TimeOnly" => ShapeKind.TimeOnly,
            "System.TimeSpan" => ShapeKind.TimeSpan,
            "System.Uri" => ShapeKind.Uri,
            _ => null,
        };
    }

    // One name cannot say which flags are set together.
    private static ValueShape? ReadEnum(INamedTypeSymbol type)
    {
        if (KnownNames.FindAttribute(type, "System.FlagsAttribute") is not null)
        {
            return null;
        }

        var members = type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).Select(static field =>
        {
            var renamed = KnownNames.FindAttribute(field, "System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute");
            var name = renamed is not null && KnownNames.OnlyArgument(renamed)?.Value is string text ? text : field.Name;
            return new EnumMember(name, EscapeKeyword(field.Name));
        });
        return new ValueShape(ShapeKind.Enum, type.ToDisplayString(KnownNames.FullName), true, new(members));
    }

    internal static string EscapeKeyword(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
