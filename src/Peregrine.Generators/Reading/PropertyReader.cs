using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads one property.</summary>
internal static class PropertyReader
{
    /// <summary>The property; null where it is not in JSON.</summary>
    /// <param name="shapes">Reads its type.</param>
    /// <param name="owner">The object's type.</param>
    /// <param name="member">The property or field.</param>
    /// <param name="parameter">The parameter of the constructor that sets it, or null.</param>
    /// <param name="isWriteOnly">True where the object is never read.</param>
    internal static PropertyModel? Read(ShapeReader shapes, INamedTypeSymbol owner, ISymbol member, IParameterSymbol? parameter, bool isWriteOnly)
    {
        if (JsonNames.Ignored(member) is not { } ignored)
        {
            return null;
        }

        var isWritten = ignored.IsWritten && CanGet(member, shapes.Compilation);
        var access = isWriteOnly || !ignored.IsRead ? PropertyAccess.None : parameter is not null ? PropertyAccess.Constructor : AccessOf(owner, member, shapes.Compilation);
        if (!isWritten && access == PropertyAccess.None)
        {
            return null;
        }

        var type = ObjectReader.TypeOf(member);
        var (shape, isNullable) = shapes.Read(type);
        isNullable |= !type.IsValueType && type.NullableAnnotation == NullableAnnotation.None;
        var isRequired = JsonNames.Find(member, "JsonRequiredAttribute") is not null
            || member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }
            || (access == PropertyAccess.Constructor && !parameter!.IsOptional)
            || IsUnset(owner, access, shape, isNullable);
        var (code, json) = access == PropertyAccess.Constructor && parameter!.IsOptional ? DefaultValues.Read(parameter, shape, isNullable) : (null, null);
        var bounds = BoundsReader.Read(member, parameter, shape, shapes.Composites, []);
        var comments = XmlComments.Of(member, shapes.CancellationToken);
        return new PropertyModel(
            ShapeReader.EscapeKeyword(member.Name), member.ContainingType.ToDisplayString(KnownNames.FullNameWithNulls), JsonNames.Of(member), shape, isNullable, isRequired, access, code, json,
            ignored.Condition, isWritten, JsonNames.Numbers(member, owner), bounds,
            KnownNames.DescriptionOf(member) ?? (parameter is null ? null : KnownNames.DescriptionOf(parameter)) ?? comments.Summary
                ?? (parameter is null ? null : XmlComments.Of(owner, shapes.CancellationToken).Parameter(parameter.Name)))
        {
            Order = JsonNames.Find(member, "JsonPropertyOrderAttribute") is { } order && KnownNames.OnlyArgument(order)?.Value is int place ? place : 0,
        };
    }

    // A struct that nothing has made has null where its type says that there is none.
    private static bool IsUnset(INamedTypeSymbol owner, PropertyAccess access, ValueShape shape, bool isNullable) =>
        owner.IsValueType && access is PropertyAccess.Setter or PropertyAccess.Accessor or PropertyAccess.Initializer && !shape.IsValueType && !isNullable
        && owner.InstanceConstructors.Any(static constructor => constructor is { Parameters.Length: 0, IsImplicitlyDeclared: true });

    private static bool CanGet(ISymbol member, Compilation compilation) =>
        member is IFieldSymbol || (member is IPropertySymbol { GetMethod: { } getter } && compilation.IsSymbolAccessibleWithin(getter, compilation.Assembly)
            && (getter.DeclaredAccessibility == Accessibility.Public || JsonNames.Find(member, "JsonIncludeAttribute") is not null));

    private static PropertyAccess AccessOf(INamedTypeSymbol owner, ISymbol member, Compilation compilation)
    {
        if (member is IFieldSymbol field)
        {
            return field.IsReadOnly ? PropertyAccess.None : field.IsRequired ? PropertyAccess.Initializer : PropertyAccess.Setter;
        }

        var property = (IPropertySymbol)member;
        if (property.SetMethod is not { } setter || !compilation.IsSymbolAccessibleWithin(setter, compilation.Assembly)
            || (setter.DeclaredAccessibility != Accessibility.Public && JsonNames.Find(member, "JsonIncludeAttribute") is null))
        {
            return PropertyAccess.None;
        }

        if (property.IsRequired)
        {
            return PropertyAccess.Initializer;
        }

        // An accessor of a generic type cannot be named in a method that is not generic itself; there the property starts at its type's default.
        return !setter.IsInitOnly ? PropertyAccess.Setter : property.ContainingType.IsGenericType || owner.IsGenericType ? PropertyAccess.Initializer : PropertyAccess.Accessor;
    }
}
