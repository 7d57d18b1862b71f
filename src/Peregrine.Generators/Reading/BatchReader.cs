using Microsoft.CodeAnalysis;
using Peregrine.Generators.Diagnostics;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads methods that answer several calls together: [Batch] and McpBatch.</summary>
internal static class BatchReader
{
    /// <summary>What the attribute says and what one call takes; both null where the method answers single calls.</summary>
    internal static (string? Options, ValueShape? Arguments, bool IsFaulty) Read(ToolCandidate candidate, ShapeReader shapes, ReturnModel result, List<DiagnosticModel> diagnostics)
    {
        var method = candidate.Method;
        var options = OptionReader.ReadBatch(candidate, diagnostics);
        var batches = method.Parameters.Where(static parameter => KnownNames.PlainNameOf(parameter.Type) == KnownNames.Batch).ToArray();
        if (options is null && batches.Length == 0)
        {
            return default;
        }

        var arguments = batches.Length == 1 ? shapes.Read(((INamedTypeSymbol)batches[0].Type).TypeArguments[0]) : default;
        var type = arguments.Shape?.Composite is { } key && !arguments.IsNullable ? shapes.Composites.First(composite => composite.Key == key) : null;
        var others = method.Parameters.Where(static parameter => KnownNames.PlainNameOf(parameter.Type) is not (KnownNames.Batch or "System.Threading.CancellationToken"));
        var isFitting = options is not null && type is { Kind: CompositeKind.Object, CannotRead: null } && !others.Any() && result is { Result: ResultKind.None, Kind: not ReturnKind.Direct };
        if (isFitting)
        {
            return (options, arguments.Shape, false);
        }

        diagnostics.Add(DiagnosticModel.Create(Descriptors.InvalidBatch, candidate.Location, method.Name));
        return (null, null, true);
    }
}
