namespace Peregrine.Generators.Models;

/// <summary>The classes that an object may be.</summary>
/// <param name="Member">The member that names the class.</param>
/// <param name="Derived">The classes, those that derive from others first.</param>
/// <param name="IsOwnForm">True where the object may also be of the declared class itself, without that member.</param>
internal sealed record PolymorphismModel(string Member, EquatableArray<DerivedModel> Derived, bool IsOwnForm);
