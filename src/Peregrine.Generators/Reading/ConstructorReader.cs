using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads how generated code makes an instance: with the longest constructor it can call.</summary>
internal static class ConstructorReader
{
    internal static (IReadOnlyList<DependencyModel> Dependencies, string? CannotCreate) Read(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.IsAbstract)
        {
            return ([], "the class is abstract");
        }

        var constructor = type.InstanceConstructors
            .Where(candidate => compilation.IsSymbolAccessibleWithin(candidate, compilation.Assembly) && !IsCopy(candidate, type))
            .OrderByDescending(static candidate => candidate.Parameters.Length)
            .FirstOrDefault();
        if (constructor is null)
        {
            return ([], "it has no public or internal constructor");
        }

        if (HasRequiredMembers(type) && KnownNames.FindAttribute(constructor, "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute") is null)
        {
            return ([], "it has required members");
        }

        var odd = constructor.Parameters.FirstOrDefault(static p =>
            p.RefKind != RefKind.None || p.Type.IsRefLikeType || p.Type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer);
        return odd is not null
            ? ([], $"its constructor's parameter \"{odd.Name}\" cannot be a service")
            : (constructor.Parameters.Select(ReadDependency).ToArray(), null);
    }

    /// <summary>What a parameter takes from the services.</summary>
    internal static DependencyModel ReadDependency(IParameterSymbol parameter)
    {
        var keyed = KnownNames.FindAttribute(parameter, "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute");
        var isOptional = parameter.IsOptional || parameter.NullableAnnotation == NullableAnnotation.Annotated;
        return new DependencyModel(
            parameter.Name,
            parameter.Type.ToDisplayString(KnownNames.FullNameWithNulls),
            KnownNames.PlainNameOf(parameter.Type) == "System.IServiceProvider",
            isOptional ? FallbackOf(parameter) : null,
            keyed is not null && KnownNames.OnlyArgument(keyed) is { } key ? key.ToCSharpString() : null);
    }

    private static string FallbackOf(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue || parameter.ExplicitDefaultValue is null)
        {
            return parameter.Type.IsValueType || parameter.NullableAnnotation == NullableAnnotation.Annotated ? "default" : "default!";
        }

        return ShapeReader.ReadScalar(parameter.Type) is { } read ? DefaultValues.Read(parameter, read.Shape, read.IsNullable).Code : "default!";
    }

    // Records have one.
    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    private static bool HasRequiredMembers(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().Any(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
            {
                return true;
            }
        }

        return false;
    }
}
