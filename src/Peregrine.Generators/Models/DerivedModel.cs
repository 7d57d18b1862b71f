namespace Peregrine.Generators.Models;

/// <summary>One class that an object may be.</summary>
/// <param name="Token">The value of the member that names it, in JSON; null where it has none and can only be written.</param>
/// <param name="Key">The class's composite.</param>
/// <param name="TypeName">The class in C#.</param>
internal sealed record DerivedModel(string? Token, string Key, string TypeName);
