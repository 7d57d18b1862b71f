namespace Peregrine.Generators.Models;

/// <summary>A type whose values have parts. Each gets methods of its own that read and write it, so types may contain themselves.</summary>
/// <param name="Key">Its name within the class of tools, which the methods bear.</param>
/// <param name="Kind">What it is.</param>
/// <param name="TypeName">The type in C#, fully qualified, with the question marks within it.</param>
/// <param name="PlainTypeName">The same without question marks.</param>
/// <param name="IsValueType">True for structs.</param>
/// <param name="Item">What a list, set or dictionary holds.</param>
/// <param name="IsItemNullable">True where that may be null.</param>
/// <param name="Build">What a list, set or dictionary is read into, in C#, and how that becomes the type: an expression of <c>items</c>.</param>
/// <param name="Object">What an object consists of.</param>
/// <param name="CannotRead">Why generated code cannot read it; null where it can.</param>
/// <param name="CannotWrite">Why generated code cannot write it; null where it can.</param>
/// <param name="Opaque">Why System.Text.Json itself cannot say what it is in JSON; null where it can, or is not asked.</param>
/// <param name="Context">The context that declares it, in C#; null where there is none or it is not asked for.</param>
internal sealed record CompositeModel(
    string Key,
    CompositeKind Kind,
    string TypeName,
    string PlainTypeName,
    bool IsValueType,
    ValueShape? Item = null,
    bool IsItemNullable = false,
    (string Type, string Result) Build = default,
    ObjectModel? Object = null,
    string? CannotRead = null,
    string? CannotWrite = null,
    string? Opaque = null,
    string? Context = null);
