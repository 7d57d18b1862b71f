namespace Peregrine.Generators.Models;

/// <summary>A type that has a form in JSON.</summary>
/// <param name="Kind">Which.</param>
/// <param name="TypeName">The type in C#, fully qualified, without the question mark.</param>
/// <param name="IsValueType">True for structs and enumerations.</param>
/// <param name="Members">An enumeration's members.</param>
/// <param name="Composite">The key of its composite, where its values have parts.</param>
internal sealed record ValueShape(ShapeKind Kind, string TypeName, bool IsValueType, EquatableArray<EnumMember> Members, string? Composite = null);
