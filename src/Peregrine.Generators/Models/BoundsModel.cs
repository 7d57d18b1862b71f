namespace Peregrine.Generators.Models;

/// <summary>What attributes ask of a value. Numbers are invariant text that is valid in JSON and, with a suffix, in C#.</summary>
/// <param name="Minimum">The least number.</param>
/// <param name="Maximum">The greatest number.</param>
/// <param name="IsMinimumExclusive">True where the number must be more than <paramref name="Minimum"/>.</param>
/// <param name="IsMaximumExclusive">True where the number must be less than <paramref name="Maximum"/>.</param>
/// <param name="MinLength">The least number of characters, or of elements.</param>
/// <param name="MaxLength">The greatest.</param>
/// <param name="Pattern">What a text matches: in the schema, and enforced.</param>
/// <param name="Format">A format of JSON Schema.</param>
/// <param name="FormatPattern">What a text of that format matches; enforced.</param>
/// <param name="Allowed">The values that are allowed, in C# and in JSON.</param>
/// <param name="Denied">The values that are not.</param>
internal sealed record BoundsModel(
    string? Minimum = null,
    string? Maximum = null,
    bool IsMinimumExclusive = false,
    bool IsMaximumExclusive = false,
    int? MinLength = null,
    int? MaxLength = null,
    string? Pattern = null,
    string? Format = null,
    string? FormatPattern = null,
    EquatableArray<ConstantModel> Allowed = default,
    EquatableArray<ConstantModel> Denied = default)
{
    internal static BoundsModel None { get; } = new();
}
