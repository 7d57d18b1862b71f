using Microsoft.CodeAnalysis;

namespace Peregrine.Generators.Reading;

/// <summary>Finds the tools of a class: its own methods, inherited ones, and those whose attribute stands at an overridden or an interface's method.</summary>
internal static class ToolFinder
{
    internal static IEnumerable<ToolCandidate> Find(INamedTypeSymbol type, Func<ISymbol, AttributeData?> find)
    {
        var fallback = type.Locations.FirstOrDefault();
        List<IMethodSymbol> seen = [];
        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                var isPlain = method.MethodKind is MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation;
                if (!isPlain || seen.Any(later => Hides(later, method)))
                {
                    continue;
                }

                seen.Add(method);
                if (FindMark(type, method, find) is { } mark)
                {
                    var own = method.Locations.FirstOrDefault(static location => location.IsInSource);
                    yield return new ToolCandidate(method, mark.Marked, mark.Attribute, own ?? fallback);
                }
            }
        }
    }

    private static (IMethodSymbol Marked, AttributeData Attribute)? FindMark(INamedTypeSymbol type, IMethodSymbol method, Func<ISymbol, AttributeData?> find)
    {
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            if (find(current) is { } attribute)
            {
                return (current, attribute);
            }
        }

        foreach (var declared in type.AllInterfaces.SelectMany(static face => face.GetMembers().OfType<IMethodSymbol>()))
        {
            if (find(declared) is { } attribute
                && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(declared), method))
            {
                return (declared, attribute);
            }
        }

        return null;
    }

    private static bool Hides(IMethodSymbol later, IMethodSymbol earlier) =>
        later.Name == earlier.Name && later.Parameters.Length == earlier.Parameters.Length
        && later.Parameters.Zip(earlier.Parameters, static (a, b) => SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(static same => same);
}
