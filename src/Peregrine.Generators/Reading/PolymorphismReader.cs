using System.Globalization;
using Microsoft.CodeAnalysis;
using Peregrine.Generators.Emitting;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads the classes that an object may be: [JsonPolymorphic] and [JsonDerivedType].</summary>
internal static class PolymorphismReader
{
    /// <summary>The classes; null where there are none but its own.</summary>
    internal static PolymorphismModel? Read(ShapeReader shapes, INamedTypeSymbol type, bool canBeRead)
    {
        var attributes = type.GetAttributes()
            .Where(static attribute => attribute.AttributeClass is { } found && KnownNames.PlainNameOf(found) == "System.Text.Json.Serialization.JsonDerivedTypeAttribute").ToArray();
        if (attributes.Length == 0)
        {
            return null;
        }

        var member = JsonNames.Find(type, "JsonPolymorphicAttribute") is { } polymorphic && KnownNames.NamedArgument(polymorphic, "TypeDiscriminatorPropertyName") is string name ? name : "$type";
        List<(DerivedModel Model, int Depth)> derived = [];
        foreach (var attribute in attributes)
        {
            if (attribute.ConstructorArguments.FirstOrDefault().Value is not INamedTypeSymbol form)
            {
                continue;
            }

            var token = attribute.ConstructorArguments.Length < 2 ? null : attribute.ConstructorArguments[1].Value switch
            {
                string text => JsonWriter.String(text),
                int number => number.ToString(CultureInfo.InvariantCulture),
                _ => null,
            };

            // Itself among them: it is read and written as such, with the member.
            if (shapes.Read(form).Shape.Composite is { } key)
            {
                derived.Add((new DerivedModel(token, key, form.ToDisplayString(KnownNames.FullName)), DepthOf(form)));
            }
        }

        return new PolymorphismModel(member, new(derived.OrderByDescending(static form => form.Depth).Select(static form => form.Model)), canBeRead, !type.IsAbstract && type.TypeKind != TypeKind.Interface);
    }

    private static int DepthOf(INamedTypeSymbol type)
    {
        var depth = 0;
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            depth++;
        }

        return depth;
    }
}
