namespace Peregrine.Generators.Models;

/// <summary>A property, or a field that is treated as one.</summary>
/// <param name="Name">Its name in C#, escaped where it is a keyword.</param>
/// <param name="DeclaringType">The type that declares it, in C#.</param>
/// <param name="JsonName">Its name in JSON.</param>
/// <param name="Shape">What it is.</param>
/// <param name="IsNullable">True where null is taken.</param>
/// <param name="IsRequired">True where it must be given.</param>
/// <param name="Access">How it is set.</param>
/// <param name="DefaultCode">What the constructor gets where it is not given, in C#.</param>
/// <param name="DefaultJson">The same in JSON, where it has such a form.</param>
/// <param name="Ignored">When it is not written.</param>
/// <param name="IsWritten">False where it is never written.</param>
/// <param name="Numbers">How numbers may be written other than as such.</param>
/// <param name="Bounds">What its value must keep to.</param>
/// <param name="Description">For the model.</param>
internal sealed record PropertyModel(
    string Name,
    string DeclaringType,
    string JsonName,
    ValueShape Shape,
    bool IsNullable,
    bool IsRequired,
    PropertyAccess Access,
    string? DefaultCode,
    string? DefaultJson,
    IgnoreCondition Ignored,
    bool IsWritten,
    NumberForms Numbers,
    BoundsModel Bounds,
    string? Description)
{
    /// <summary>Its place among the others; equal ones keep that of their declaration. The constructor's arguments are named by index, so it is applied when the object is written.</summary>
    internal int Order { get; init; }

    /// <summary>The type in C#, with a question mark where null is taken.</summary>
    internal string TypeName => Shape.TypeName + (IsNullable ? "?" : "");
}
