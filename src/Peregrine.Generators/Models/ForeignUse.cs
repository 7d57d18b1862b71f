namespace Peregrine.Generators.Models;

/// <summary>A type that a tool can only take or return if a context declares it.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="TypeName">The type, without question marks.</param>
/// <param name="Fault">What to report where none does; null where an analyzer does.</param>
/// <param name="Note">What to report where one does; null for nothing.</param>
internal sealed record ForeignUse(string Tool, string TypeName, DiagnosticModel? Fault, DiagnosticModel? Note);
