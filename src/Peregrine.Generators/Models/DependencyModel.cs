namespace Peregrine.Generators.Models;

/// <summary>A parameter of a tool class's constructor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type in C#, fully qualified, with a question mark where it is nullable.</param>
/// <param name="IsProvider">True where it is the services themselves.</param>
/// <param name="Fallback">What it gets where there is no such service, in C#; null where it must be there.</param>
/// <param name="KeyCode">The key under which the service is registered, in C#; null for none.</param>
internal sealed record DependencyModel(string Name, string TypeName, bool IsProvider, string? Fallback, string? KeyCode);
