namespace Peregrine.Generators.Models;

/// <summary>What an object consists of.</summary>
/// <param name="Properties">Its members in JSON.</param>
/// <param name="Constructor">For each parameter of the constructor, the index of the property that it sets.</param>
/// <param name="RefusesUnknown">True where members that no property takes are refused.</param>
/// <param name="Forms">The classes that it may be; null where it is only itself.</param>
/// <param name="Description">For the model.</param>
internal sealed record ObjectModel(
    EquatableArray<PropertyModel> Properties, EquatableArray<int> Constructor, bool RefusesUnknown, PolymorphismModel? Forms, string? Description);
