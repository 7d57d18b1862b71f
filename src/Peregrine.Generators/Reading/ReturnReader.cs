using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads what a tool's method returns.</summary>
internal static class ReturnReader
{
    /// <summary>Reads the return type; null where it has no form as a tool's result.</summary>
    internal static ReturnModel? Read(IMethodSymbol method, ShapeReader shapes)
    {
        if (method.ReturnsByRef || method.ReturnsByRefReadonly || method.ReturnType.IsRefLikeType || method.ReturnType.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
        {
            return null;
        }

        var type = method.ReturnType;
        var kind = KnownNames.PlainNameOf(type) switch
        {
            "System.Threading.Tasks.Task" => ReturnKind.Task,
            "System.Threading.Tasks.ValueTask" => ReturnKind.ValueTask,
            _ => ReturnKind.Direct,
        };
        var typeName = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(KnownNames.FullNameWithNulls);
        var value = kind == ReturnKind.Direct ? type : ((INamedTypeSymbol)type).TypeArguments.FirstOrDefault();
        if (value is null || value.SpecialType == SpecialType.System_Void)
        {
            return new ReturnModel(kind, ResultKind.None, null, false, typeName);
        }

        return ReadSpecial(value) is { } special
            ? new ReturnModel(kind, special, null, value.NullableAnnotation == NullableAnnotation.Annotated, typeName)
            : ReadValue(value, kind, typeName, shapes);
    }

    private static ReturnModel ReadValue(ITypeSymbol value, ReturnKind kind, string typeName, ShapeReader shapes)
    {
        var isStream = value is INamedTypeSymbol { TypeArguments.Length: 1 } && KnownNames.PlainNameOf(value) == "System.Collections.Generic.IAsyncEnumerable";
        var item = isStream ? ((INamedTypeSymbol)value).TypeArguments[0] : value;
        if (isStream && KnownNames.PlainNameOf(item) == KnownNames.Content)
        {
            return new ReturnModel(kind, ResultKind.Stream, null, false, typeName);
        }

        // Without annotations null is possible, and must not become an empty text.
        var (shape, isNullable) = shapes.Read(item);
        isNullable |= !shape.IsValueType && item.NullableAnnotation == NullableAnnotation.None;
        var isJson = shape.Kind is ShapeKind.Composite or ShapeKind.JsonElement or ShapeKind.JsonNode or ShapeKind.JsonObject or ShapeKind.JsonArray or ShapeKind.Raw;
        return new ReturnModel(kind, isStream ? ResultKind.Stream : isJson ? ResultKind.Json : ResultKind.Text, shape, isNullable, typeName);
    }

    private static ResultKind? ReadSpecial(ITypeSymbol type)
    {
        if (KnownNames.PlainNameOf(type) is KnownNames.Content or KnownNames.Buffer)
        {
            return KnownNames.PlainNameOf(type) == KnownNames.Content ? ResultKind.Content : ResultKind.Buffer;
        }

        var item = type is IArrayTypeSymbol { Rank: 1 } array ? array.ElementType
            : type is INamedTypeSymbol { TypeArguments.Length: 1 } generic
                && (type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T || type.AllInterfaces.Any(static face => face.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T))
                ? generic.TypeArguments[0]
                : null;
        return item is not null && KnownNames.PlainNameOf(item) == KnownNames.Content ? ResultKind.Contents : null;
    }
}
