namespace Peregrine.Generators.Models;

/// <summary>What a tool's method returns.</summary>
/// <param name="Kind">How.</param>
/// <param name="Result">What it is as a result.</param>
/// <param name="Shape">What it is in JSON; of a stream, what an item is; null where it has no such form.</param>
/// <param name="IsNullable">True where it, or an item, may be null.</param>
/// <param name="TypeName">The declared type in C#.</param>
internal sealed record ReturnModel(ReturnKind Kind, ResultKind Result, ValueShape? Shape, bool IsNullable, string TypeName);
