using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Finds the method that tells what became of a call whose outcome was lost.</summary>
internal static class ReconcileReader
{
    /// <summary>How the method is called, in C#; null where there is none.</summary>
    internal static string? Read(ToolCandidate candidate, INamedTypeSymbol type, Compilation compilation, List<DiagnosticModel> diagnostics)
    {
        if (KnownNames.NamedArgument(candidate.Attribute, "Reconcile") is not string name)
        {
            return null;
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(IsFitting) is { } method && compilation.IsSymbolAccessibleWithin(method, compilation.Assembly))
            {
                // A static tool has no instance to call another method on.
                if (method.IsStatic || !candidate.Method.IsStatic)
                {
                    var target = method.IsStatic ? current.ToDisplayString(KnownNames.FullName) : "tools.For(call)";
                    return $"{target}.{ShapeReader.EscapeKeyword(name)}(key, cancellationToken)";
                }
            }
        }

        diagnostics.Add(DiagnosticModel.Create(Descriptors.InvalidReconcile, candidate.Location, candidate.Method.Name, name));
        return null;
    }

    private static bool IsFitting(IMethodSymbol method) =>
        method is { IsGenericMethod: false, Parameters.Length: 2 }
        && method.Parameters.All(static parameter => parameter.RefKind == RefKind.None)
        && method.Parameters[0].Type.SpecialType == SpecialType.System_String
        && KnownNames.PlainNameOf(method.Parameters[1].Type) == "System.Threading.CancellationToken"
        && method.ReturnType is INamedTypeSymbol { Name: "ValueTask", TypeArguments.Length: 1 } result
        && KnownNames.PlainNameOf(result.TypeArguments[0]) == KnownNames.Reconciliation;
}
