using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Emitting;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Finds what types are in JSON, for one class of tools; keeps those with parts.</summary>
internal sealed class ShapeReader(Compilation compilation, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly List<CompositeModel> _composites = [];
    private readonly NameScope _names = new();

    internal Compilation Compilation => compilation;

    internal CancellationToken CancellationToken => cancellationToken;

    /// <summary>The types with parts that were met.</summary>
    internal IReadOnlyList<CompositeModel> Composites => _composites;

    /// <summary>The shape of <paramref name="type"/> and whether null belongs to it.</summary>
    internal (ValueShape Shape, bool IsNullable) Read(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return (ReadPlain(nullable.TypeArguments[0]), true);
        }

        // "T?" of a type parameter that is a struct is that struct.
        return (ReadPlain(type), !type.IsValueType && type.NullableAnnotation == NullableAnnotation.Annotated);
    }

    /// <summary>The shape of a type without parts; null where it has parts, or none is known.</summary>
    internal static (ValueShape Shape, bool IsNullable)? ReadScalar(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return Scalar(nullable.TypeArguments[0]) is { } inner ? (inner, true) : null;
        }

        return Scalar(type) is { } shape ? (shape, !type.IsValueType && type.NullableAnnotation == NullableAnnotation.Annotated) : null;
    }

    internal static string EscapeKeyword(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private ValueShape ReadPlain(ITypeSymbol type)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Scalar(type) is { } scalar)
        {
            return scalar;
        }

        var plain = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        var name = plain.ToDisplayString(KnownNames.FullNameWithNulls);
        if (!_keys.TryGetValue(name, out var key))
        {
            // Entered before its parts are read: they may contain it.
            key = _names.Take(KeyOf(type));
            _keys.Add(name, key);
            var start = new CompositeModel(key, CompositeKind.Foreign, name, plain.ToDisplayString(KnownNames.FullName), type.IsValueType);
            _composites.Add(CollectionReader.Read(this, type, start) ?? ObjectReader.Read(this, type, start) ?? start with { CannotRead = "", CannotWrite = "", Opaque = OpaqueOf(type) });
        }

        return new ValueShape(ShapeKind.Composite, name, type.IsValueType, default, key);
    }

    private static string? OpaqueOf(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Object ? "it may be anything" : JsonNames.HasConverter(type) ? "its converter decides what it is in JSON" : null;

    private static string KeyOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => KeyOf(array.ElementType) + "Array",
        INamedTypeSymbol { TypeArguments.Length: > 0 } generic => type.Name + "Of" + string.Concat(generic.TypeArguments.Select(KeyOf)),
        _ => type.Name,
    };

    private static ValueShape? Scalar(ITypeSymbol type)
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
            "System.Text.Json.JsonElement" => ShapeKind.JsonElement,
            "System.Text.Json.Nodes.JsonNode" => ShapeKind.JsonNode,
            "System.Text.Json.Nodes.JsonObject" => ShapeKind.JsonObject,
            "System.Text.Json.Nodes.JsonArray" => ShapeKind.JsonArray,
            KnownNames.Raw => ShapeKind.Raw,
            _ => null,
        };
    }

    // One name cannot say which flags are set together.
    private static ValueShape? ReadEnum(INamedTypeSymbol type)
    {
        if (KnownNames.FindAttribute(type, "System.FlagsAttribute") is not null || JsonNames.HasConverter(type))
        {
            return null;
        }

        var members = type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).Select(static field =>
        {
            var renamed = JsonNames.Find(field, "JsonStringEnumMemberNameAttribute");
            var name = renamed is not null && KnownNames.OnlyArgument(renamed)?.Value is string text ? text : field.Name;
            return new EnumMember(name, EscapeKeyword(field.Name));
        });
        return new ValueShape(ShapeKind.Enum, type.ToDisplayString(KnownNames.FullName), true, new(members));
    }
}
