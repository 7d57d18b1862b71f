namespace Peregrine.Generators.Clients;

/// <summary>How a JSON value looks in C#.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The C# type, without a question mark.</param>
/// <param name="IsNullable">Whether it may be null.</param>
/// <param name="Item">What an array holds.</param>
internal sealed record TypeShape(TypeShapeKind Kind, string Name, bool IsNullable, TypeShape? Item = null)
{
    internal TypeShape OrNull => IsNullable ? this : this with { IsNullable = true };

    /// <summary>The C# type.</summary>
    internal string Text => IsNullable ? Name + "?" : Name;

    internal bool IsValueType => Kind is TypeShapeKind.Integer or TypeShapeKind.Number or TypeShapeKind.Boolean or TypeShapeKind.Any;
}
