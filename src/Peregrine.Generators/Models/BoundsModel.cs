namespace Peregrine.Generators.Models;

/// <summary>What attributes ask of a value. Numbers are invariant text that is valid in JSON and, with a suffix, in C#.</summary>
internal sealed record BoundsModel(
    string? Minimum,
    string? Maximum,
    bool IsMinimumExclusive,
    bool IsMaximumExclusive,
    int? MinLength,
    int? MaxLength,
    string? Pattern)
{
    internal static BoundsModel None { get; } = new(null, null, false, false, null, null, null);
}
