namespace Peregrine.Generators.Models;

/// <summary>What was read from one class.</summary>
/// <param name="Model">What to generate; null for nothing.</param>
/// <param name="Diagnostics">What to say.</param>
/// <param name="Edges">Which tools need others.</param>
/// <param name="Foreign">The types that a context must declare.</param>
internal sealed record ToolClassResult(
    ToolClassModel? Model, EquatableArray<DiagnosticModel> Diagnostics, EquatableArray<DependencyEdge> Edges = default, EquatableArray<ForeignUse> Foreign = default);
