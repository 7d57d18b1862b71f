namespace Peregrine.Generators.Models;

/// <summary>A constant.</summary>
/// <param name="Code">In C#.</param>
/// <param name="Json">In JSON.</param>
internal sealed record ConstantModel(string Code, string Json);
