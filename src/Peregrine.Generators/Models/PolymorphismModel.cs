namespace Peregrine.Generators.Models;

/// <summary>The classes that an object may be.</summary>
/// <param name="Member">The member that names the class.</param>
/// <param name="Derived">The classes, those that derive from others first; the declared class may be among them.</param>
/// <param name="IsOwnForm">True where an object without that member is read as one of the declared class.</param>
/// <param name="IsConcrete">True where an object may be of the declared class itself.</param>
internal sealed record PolymorphismModel(string Member, EquatableArray<DerivedModel> Derived, bool IsOwnForm, bool IsConcrete);
