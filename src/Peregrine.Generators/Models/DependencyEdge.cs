namespace Peregrine.Generators.Models;

/// <summary>What one tool needs.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Needed">The names of the tools that it needs.</param>
/// <param name="Circle">What to report where that leads back to the tool, still without its arguments' last: the path.</param>
internal sealed record DependencyEdge(string Tool, EquatableArray<string> Needed, DiagnosticModel Circle);
