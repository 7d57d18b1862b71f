using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads what a tool's method returns.</summary>
internal static class ReturnReader
{
    /// <summary>Reads the return type; null where it has no form as a tool's result.</summary>
    internal static ReturnModel? Read(IMethodSymbol method)
    {
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
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
            return new ReturnModel(kind, null, false, typeName);
        }

        // Without annotations null is possible, and must not become an empty text.
        return ShapeReader.Read(value) is { Shape.Kind: not ShapeKind.Bytes } read
            ? new ReturnModel(kind, read.Shape, read.IsNullable || (!read.Shape.IsValueType && value.NullableAnnotation == NullableAnnotation.None), typeName)
            : null;
    }
}
