namespace Peregrine.Generators.Models;

/// <summary>One parameter of a tool's method.</summary>
/// <param name="Name">Its name in C#, without @.</param>
/// <param name="Source">Where its value comes from; the rest is for arguments only.</param>
/// <param name="JsonName">The argument's name.</param>
/// <param name="Shape">What the argument is.</param>
/// <param name="IsNullable">True where null is taken.</param>
/// <param name="IsOptional">True where it may be left out.</param>
/// <param name="DefaultCode">The value it then has, in C#.</param>
/// <param name="DefaultJson">The same in JSON; null where JSON has no such value.</param>
/// <param name="Description">For the model.</param>
/// <param name="Bounds">What its value must keep to.</param>
/// <param name="Header">The end of the name of the header that mirrors it, or null.</param>
/// <param name="Service">What it takes from the services, where it does.</param>
internal sealed record ParameterModel(
    string Name,
    ParameterSource Source,
    string JsonName,
    ValueShape? Shape,
    bool IsNullable,
    bool IsOptional,
    string? DefaultCode,
    string? DefaultJson,
    string? Description,
    BoundsModel Bounds,
    string? Header,
    DependencyModel? Service = null);
