namespace Peregrine.JsonSchema.Compilation;

/// <summary>What numbers must fulfil.</summary>
internal sealed class NumberRules
{
    public NumberBound? Minimum { get; set; }

    public NumberBound? ExclusiveMinimum { get; set; }

    public NumberBound? Maximum { get; set; }

    public NumberBound? ExclusiveMaximum { get; set; }

    public NumberBound? MultipleOf { get; set; }
}
