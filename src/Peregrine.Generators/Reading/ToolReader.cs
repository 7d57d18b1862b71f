using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads one tool's method.</summary>
internal static class ToolReader
{
    /// <summary>Reads a tool; null, with diagnostics, where it cannot be generated.</summary>
    /// <param name="candidate">The method and its attribute.</param>
    /// <param name="type">The class to which the tool belongs.</param>
    /// <param name="shapes">Reads types.</param>
    /// <param name="foreign">Where to add what a context must declare.</param>
    /// <param name="diagnostics">Where to add what is wrong.</param>
    internal static ToolModel? Read(ToolCandidate candidate, INamedTypeSymbol type, ShapeReader shapes, List<ForeignUse> foreign, List<DiagnosticModel> diagnostics)
    {
        var (compilation, cancellationToken) = (shapes.Compilation, shapes.CancellationToken);
        var method = candidate.Method;
        var name = KnownNames.NamedArgument(candidate.Attribute, "Name") as string ?? Naming.ToToolName(method.Name);
        var faults = FaultsOf(method, name, compilation, candidate.Location).ToArray();
        diagnostics.AddRange(faults);

        var comments = XmlComments.Of(method, cancellationToken);
        var inherited = SymbolEqualityComparer.Default.Equals(method, candidate.Marked) ? comments : XmlComments.Of(candidate.Marked, cancellationToken);
        List<ParameterModel> parameters = [];
        foreach (var parameter in method.Parameters)
        {
            if (ParameterReader.Read(parameter, method.Name, shapes, comments, diagnostics) is { } read)
            {
                foreign.AddRange(ForeignTypes.Uses(name, method, parameter, read.Shape, shapes.Composites));
                parameters.Add(read with { Description = read.Description ?? inherited.Parameter(parameter.Name) });
            }
        }

        foreach (var twice in parameters.Where(static p => p.Shape is not null).GroupBy(static p => p.JsonName).Where(static group => group.Count() > 1))
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.DuplicateArgument, candidate.Location, method.Name, twice.Key));
            return null;
        }

        foreach (var twice in parameters.Where(static p => p.Header is not null).GroupBy(static p => p.Header!, StringComparer.OrdinalIgnoreCase).Where(static group => group.Count() > 1))
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.InvalidRequestHeader, candidate.Location, twice.Last().Name, method.Name, twice.Key));
            return null;
        }

        if (ReturnReader.Read(method, shapes) is not { } result)
        {
            var reference = method.ReturnsByRef || method.ReturnsByRefReadonly ? "ref " : "";
            diagnostics.Add(DiagnosticModel.Create(
                Descriptors.UnsupportedReturn, candidate.Location, method.Name,
                reference + method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), "it is a reference, a pointer or a ref struct"));
            return null;
        }

        foreign.AddRange(ForeignTypes.Uses(name, candidate, result.Shape, shapes.Composites));
        // An analyzer says what is wrong with the last.
        if (faults.Length > 0 || method is { IsAsync: true, ReturnsVoid: true } || parameters.Count < method.Parameters.Length)
        {
            return null;
        }

        var batch = BatchReader.Read(candidate, shapes, result, diagnostics);
        return batch.IsFaulty ? null : new ToolModel(
            name, ShapeReader.EscapeKeyword(method.Name), method.Name + "Tool", method.IsStatic, KnownNames.NamedArgument(candidate.Attribute, "Title") as string,
            KnownNames.DescriptionOf(method) ?? comments.Summary ?? KnownNames.DescriptionOf(candidate.Marked) ?? inherited.Summary,
            new(OptionReader.Read(candidate, diagnostics).Concat(batch.Options is { } options ? [$"Batch = {options}"] : [])), ReconcileReader.Read(candidate, type, compilation, diagnostics),
            new(KnownNames.NamedTexts(candidate.Attribute, "Dependencies")), new(parameters), result, batch.Arguments);
    }

    private static IEnumerable<DiagnosticModel> FaultsOf(IMethodSymbol method, string name, Compilation compilation, Location? location)
    {
        if (method.IsGenericMethod)
        {
            yield return DiagnosticModel.Create(Descriptors.GenericMethod, location, method.Name);
        }

        if (!compilation.IsSymbolAccessibleWithin(method, compilation.Assembly))
        {
            yield return DiagnosticModel.Create(Descriptors.InaccessibleMethod, location, method.Name);
        }

        if (!Naming.IsValidToolName(name))
        {
            yield return DiagnosticModel.Create(Descriptors.InvalidName, location, method.Name, name);
        }
    }
}
