using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Finds the types that only System.Text.Json can treat, and the contexts in which the program declares them.</summary>
internal static class ForeignTypes
{
    /// <summary>The types among the parts of <paramref name="shape"/> that generated code cannot treat, each with the reason ("" for its kind as a whole).</summary>
    internal static IEnumerable<(CompositeModel Type, string Reason)> Within(ValueShape? shape, IReadOnlyList<CompositeModel> composites, bool isRead)
    {
        if (shape?.Composite is not { } first)
        {
            yield break;
        }

        HashSet<string> seen = new(StringComparer.Ordinal) { first };
        Queue<string> keys = new([first]);
        while (keys.Count > 0)
        {
            var key = keys.Dequeue();
            var type = composites.First(composite => composite.Key == key);
            if ((isRead ? type.CannotRead : type.CannotWrite) is { } reason)
            {
                yield return (type, reason);
                continue;
            }

            foreach (var part in PartsOf(type, isRead).Where(seen.Add))
            {
                keys.Enqueue(part);
            }
        }
    }

    /// <summary>What a context must declare so that a parameter can be read.</summary>
    internal static IEnumerable<ForeignUse> Uses(string tool, IMethodSymbol method, IParameterSymbol parameter, ValueShape? shape, IReadOnlyList<CompositeModel> composites)
    {
        var location = parameter.Locations.FirstOrDefault();
        return Within(shape, composites, isRead: true).Select(found => new ForeignUse(
            tool, found.Type.PlainTypeName,
            OfficialTypes.FindIn(parameter.Type) is not null ? null : DiagnosticModel.Create(
                Descriptors.UnsupportedParameter, location, parameter.Name, method.Name, NameOf(parameter.Type), Explain(found.Type, found.Reason)),
            NoteOf(found.Type, method, location)));
    }

    /// <summary>What a context must declare so that a result can be written.</summary>
    internal static IEnumerable<ForeignUse> Uses(string tool, ToolCandidate candidate, ValueShape? shape, IReadOnlyList<CompositeModel> composites) =>
        Within(shape, composites, isRead: false).Select(found => new ForeignUse(
            tool, found.Type.PlainTypeName,
            OfficialTypes.FindIn(candidate.Method.ReturnType) is not null ? null : DiagnosticModel.Create(
                Descriptors.UnsupportedReturn, candidate.Location, candidate.Method.Name, NameOf(candidate.Method.ReturnType), Explain(found.Type, found.Reason)),
            NoteOf(found.Type, candidate.Method, candidate.Location)));

    private static DiagnosticModel? NoteOf(CompositeModel type, IMethodSymbol method, Location? location) =>
        type.Opaque is { } why ? DiagnosticModel.Create(Descriptors.SilentSchema, location, method.Name, PlainOf(type), why) : null;

    private static string NameOf(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static string PlainOf(CompositeModel type) => type.PlainTypeName.Replace("global::", "");

    private static string Explain(CompositeModel type, string reason) => reason.Length > 0 ? reason : $"nothing is known of '{PlainOf(type)}'";

    /// <summary>The composites that a type's parts are of. A class among its own forms does not contain itself by that.</summary>
    internal static IEnumerable<string> PartsOf(CompositeModel type, bool isRead)
    {
        IEnumerable<string?> parts = [type.Item?.Composite];
        if (type.Object is { } composed)
        {
            parts = composed.Properties.Where(property => isRead ? property.Access != PropertyAccess.None : property.IsWritten).Select(static property => property.Shape.Composite)
                .Concat(composed.Forms?.Derived.Where(form => form.Key != type.Key && (!isRead || form.Token is not null)).Select(static form => form.Key) ?? []);
        }

        return parts.Where(static part => part is not null).Select(static part => part!);
    }

    /// <summary>The types that one attribute on a context declares.</summary>
    internal static EquatableArray<JsonContextModel> ReadContext(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var type = (INamedTypeSymbol)context.TargetSymbol;
        return KnownNames.PlainNameOf(type.BaseType ?? type) != "System.Text.Json.Serialization.JsonSerializerContext" ? default : new(context.Attributes
            .Select(static attribute => attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Type, Value: ITypeSymbol declared } ? declared : null)
            .Where(static declared => declared is not null)
            .Select(declared => new JsonContextModel(declared!.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(KnownNames.FullName), type.ToDisplayString(KnownNames.FullName))));
    }

    /// <summary>Gives foreign types the context that declares them; without one the tools that need them are left out and a diagnostic says so.</summary>
    internal static ToolClassResult Resolve(ToolClassResult result, EquatableArray<JsonContextModel> contexts)
    {
        if (result.Model is not { } model || result.Foreign.Count == 0)
        {
            return result;
        }

        var missing = result.Foreign.Where(use => !contexts.Any(context => context.TypeName == use.TypeName)).ToArray();
        var composites = model.Composites.Select(composite => result.Foreign.Any(use => use.TypeName == composite.PlainTypeName)
            ? composite with { Context = contexts.FirstOrDefault(context => context.TypeName == composite.PlainTypeName)?.ContextName }
            : composite);
        return result with
        {
            Model = model with { Composites = new(composites), Tools = new(model.Tools.Where(tool => !missing.Any(use => use.Tool == tool.Name))) },
            Diagnostics = new(result.Diagnostics.Concat(result.Foreign.Select(use => missing.Contains(use) ? use.Fault : use.Note).OfType<DiagnosticModel>().Distinct())),
        };
    }
}
