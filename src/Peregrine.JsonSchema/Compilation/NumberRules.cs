namespace Peregrine.JsonSchema.Compilation;

/// <summary>What numbers must fulfil.</summary>
internal sealed class NumberRules
{
    public NumberBound? Minimum { get; set; }

    public NumberBound? ExclusiveMinimum { get; set; }

    public NumberBound? Maximum { get; set; }

    public NumberBound? ExclusiveMaximum { get; set; }

    public NumberBound? MultipleOf { get; set; }

    /// <summary>Whether small integers need only be from <see cref="Least"/> to <see cref="Most"/>.</summary>
    public bool IsSmallRange { get; private set; }

    public long Least { get; private set; } = long.MinValue;

    public long Most { get; private set; } = long.MaxValue;

    /// <summary>Works out what the bounds mean for small integers; called once all are there.</summary>
    public void Finish()
    {
        NumberBound?[] bounds = [Minimum, ExclusiveMinimum, Maximum, ExclusiveMaximum];
        IsSmallRange = MultipleOf is null && Array.TrueForAll(bounds, static bound => bound is null or { IsSmall: true });
        if (IsSmallRange)
        {
            Least = Math.Max(Minimum?.Small ?? long.MinValue, ExclusiveMinimum is { } above ? above.Small + 1 : long.MinValue);
            Most = Math.Min(Maximum?.Small ?? long.MaxValue, ExclusiveMaximum is { } below ? below.Small - 1 : long.MaxValue);
        }
    }
}
