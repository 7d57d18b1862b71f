namespace Peregrine.JsonSchema.Comparing;

/// <summary>One place where the texts of two schemas differ.</summary>
/// <param name="Location">Where, a JSON pointer into the schemas; empty for their roots.</param>
/// <param name="Before">The value in the old schema, raw JSON; null where it is new.</param>
/// <param name="After">The value in the new schema, raw JSON; null where it is gone.</param>
/// <param name="IsAnnotation">Whether it stands under a keyword that judges no instance, such as <c>description</c> or <c>default</c>.</param>
public sealed record SchemaDifference(string Location, string? Before, string? After, bool IsAnnotation)
{
    /// <summary>The place and the values: <c>/properties/days/maximum: 14 → 7</c>.</summary>
    public override string ToString() => $"{(Location.Length == 0 ? "/" : Location)}: {Before ?? "(absent)"} → {After ?? "(absent)"}";
}
