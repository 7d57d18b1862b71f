namespace Peregrine.Generators.Models;

/// <summary>What was read from one class: what to generate, and what to say.</summary>
internal sealed record ToolClassResult(ToolClassModel? Model, EquatableArray<DiagnosticModel> Diagnostics);
