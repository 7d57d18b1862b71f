namespace Peregrine.Generators.Models;

/// <summary>What a tool's method returns.</summary>
/// <param name="Kind">How.</param>
/// <param name="Shape">What; null for nothing.</param>
/// <param name="IsNullable">True where it may be null.</param>
/// <param name="TypeName">The declared type in C#.</param>
internal sealed record ReturnModel(ReturnKind Kind, ValueShape? Shape, bool IsNullable, string TypeName);
