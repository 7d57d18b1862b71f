using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads what classes, records and structs of the program consist of, as System.Text.Json sees them with its web defaults.</summary>
internal static class ObjectReader
{
    /// <summary>The type as an object; null where it is none that generated code can treat.</summary>
    internal static CompositeModel? Read(ShapeReader shapes, ITypeSymbol type, CompositeModel start)
    {
        if (type is not INamedTypeSymbol named || !IsObject(named, shapes.Compilation))
        {
            return null;
        }

        var members = MembersOf(named, shapes.Compilation).ToArray();
        if (members.Any(static member => JsonNames.HasConverter(member) || JsonNames.Find(member, "JsonExtensionDataAttribute") is not null))
        {
            return null;
        }

        var (constructor, cannotRead) = ChooseConstructor(named, shapes.Compilation);
        List<PropertyModel> properties = [];
        List<int> arguments = [];
        var parameters = constructor?.Parameters ?? [];
        foreach (var member in members)
        {
            var parameter = parameters.FirstOrDefault(parameter =>
                string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase) && SymbolEqualityComparer.Default.Equals(parameter.Type, TypeOf(member)));
            if (PropertyReader.Read(shapes, named, member, parameter, cannotRead is not null) is { } property)
            {
                properties.Add(property);
            }
        }

        foreach (var parameter in parameters)
        {
            var index = properties.FindIndex(property => property.Access == PropertyAccess.Constructor && string.Equals(property.Name.TrimStart('@'), parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                cannotRead ??= $"no property of '{type.Name}' goes with the parameter '{parameter.Name}' of its constructor";
            }

            arguments.Add(index);
        }

        if (properties.GroupBy(static property => property.JsonName).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            cannotRead = $"two properties of '{type.Name}' have the name '{twice.Key}'";
        }

        var refusesUnknown = JsonNames.Find(named, "JsonUnmappedMemberHandlingAttribute") is { } handling && KnownNames.OnlyArgument(handling)?.Value is 1;
        var forms = PolymorphismReader.Read(shapes, named, cannotRead is null);
        var description = KnownNames.DescriptionOf(type) ?? XmlComments.Of(type, shapes.CancellationToken).Summary;
        return start with
        {
            Kind = CompositeKind.Object,
            Object = new ObjectModel(new(properties), new(arguments), refusesUnknown, forms, description),
            CannotRead = forms is null ? cannotRead : null,
        };
    }

    internal static ITypeSymbol TypeOf(ISymbol member) => member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;

    private static bool IsObject(INamedTypeSymbol type, Compilation compilation)
    {
        var isRoot = type.SpecialType != SpecialType.None || type.IsTupleType || type.IsRefLikeType || type.IsUnboundGenericType || type.IsAnonymousType;
        if (isRoot || type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface) || JsonNames.HasConverter(type))
        {
            return false;
        }

        // Of other people's types nobody knows here what they consist of, and collections that are not known are no objects.
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return space != "System" && !space.StartsWith("System.", StringComparison.Ordinal) && !space.StartsWith("Microsoft.", StringComparison.Ordinal)
            && !space.StartsWith("Peregrine.Server", StringComparison.Ordinal) && !space.StartsWith("ModelContextProtocol", StringComparison.Ordinal)
            && !type.AllInterfaces.Any(static face => face.SpecialType == SpecialType.System_Collections_IEnumerable)
            && compilation.IsSymbolAccessibleWithin(type, compilation.Assembly);
    }

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type, Compilation compilation)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        IEnumerable<INamedTypeSymbol> line = type.TypeKind == TypeKind.Interface ? [type, .. type.AllInterfaces] : LineOf(type);
        foreach (var member in line.SelectMany(static current => current.GetMembers()))
        {
            var isIncluded = JsonNames.Find(member, "JsonIncludeAttribute") is not null && compilation.IsSymbolAccessibleWithin(member, compilation.Assembly);
            var isMember = member switch
            {
                IPropertySymbol { IsStatic: false, IsIndexer: false, RefKind: RefKind.None } property => property.DeclaredAccessibility == Accessibility.Public || isIncluded,
                IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false } => isIncluded,
                _ => false,
            };
            if (isMember && seen.Add(member.Name))
            {
                yield return member;
            }
        }
    }

    private static IEnumerable<INamedTypeSymbol> LineOf(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            yield return current;
        }
    }

    /// <summary>The constructor that System.Text.Json takes: the marked one, else one without parameters, else the only public one.</summary>
    private static (IMethodSymbol? Constructor, string? Fault) ChooseConstructor(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.TypeKind == TypeKind.Interface || type.IsAbstract)
        {
            return (null, $"'{type.Name}' cannot be made, because it is abstract");
        }

        var constructors = type.InstanceConstructors.Where(constructor => compilation.IsSymbolAccessibleWithin(constructor, compilation.Assembly)).ToArray();
        if (constructors.FirstOrDefault(static constructor => JsonNames.Find(constructor, "JsonConstructorAttribute") is not null) is { } marked)
        {
            return (marked, null);
        }

        var open = constructors.Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public).ToArray();
        if (open.FirstOrDefault(static constructor => constructor.Parameters.Length == 0) is { } plain)
        {
            return (plain, null);
        }

        return open.Length == 1
            ? (open[0], null)
            : (null, $"'{type.Name}' has {(open.Length == 0 ? "no public constructor" : "several constructors")}; mark one [JsonConstructor]");
    }
}
