namespace Peregrine.Generators.Models;

/// <summary>What was read from one class: what to generate, what to say, and which tools need others.</summary>
internal sealed record ToolClassResult(ToolClassModel? Model, EquatableArray<DiagnosticModel> Diagnostics, EquatableArray<DependencyEdge> Edges);
