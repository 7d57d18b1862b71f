namespace Peregrine.Generators.Models;

/// <summary>A type that a JsonSerializerContext of the program declares.</summary>
/// <param name="TypeName">The type in C#, without question marks.</param>
/// <param name="ContextName">The context in C#.</param>
internal sealed record JsonContextModel(string TypeName, string ContextName);
