using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Peregrine.Generators.Models;

/// <summary>A diagnostic without symbols or syntax: what the pipeline carries until it is reported.</summary>
internal sealed record DiagnosticModel(string Id, string? Path, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    internal static DiagnosticModel Create(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        location?.SourceTree is { } tree
            ? new(descriptor.Id, tree.FilePath, location.SourceSpan, location.GetLineSpan().Span, new(arguments))
            : new(descriptor.Id, null, default, default, new(arguments));

    internal Diagnostic ToDiagnostic() =>
        Diagnostic.Create(
            Diagnostics.Descriptors.ById[Id],
            Path is null ? Location.None : Location.Create(Path, Span, Lines),
            [.. Arguments.Cast<object?>()]);
}
