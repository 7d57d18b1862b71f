namespace Peregrine.JsonSchema.Comparing;

/// <summary>How two schemas relate, by meaning. Immutable.</summary>
public sealed class SchemaComparison
{
    internal SchemaComparison(SchemaInclusion takesAllOld, string? refusedNow, SchemaInclusion takesOnlyOld, string? takenNow, IReadOnlyList<SchemaDifference> differences)
    {
        TakesAllOld = takesAllOld;
        RefusedNow = refusedNow;
        TakesOnlyOld = takesOnlyOld;
        TakenNow = takenNow;
        Differences = differences;
    }

    /// <summary>Whether the new schema takes every instance that the old one took. What callers send goes on being taken where this holds: the question for a schema in input position.</summary>
    public SchemaInclusion TakesAllOld { get; }

    /// <summary>An instance that the old schema took and the new one does not, raw JSON; null unless <see cref="TakesAllOld"/> fails.</summary>
    public string? RefusedNow { get; }

    /// <summary>Whether the new schema takes only instances that the old one took. What is returned goes on being understood where this holds: the question for a schema in output position.</summary>
    public SchemaInclusion TakesOnlyOld { get; }

    /// <summary>An instance that the new schema takes and the old one did not, raw JSON; null unless <see cref="TakesOnlyOld"/> fails.</summary>
    public string? TakenNow { get; }

    /// <summary>Where the texts differ, in the order of the new schema, at most 1,000. Empty where they mean the same JSON.</summary>
    public IReadOnlyList<SchemaDifference> Differences { get; }

    /// <summary>Both answers as one word. Where one is unknown: what the other says, as far as that is certain.</summary>
    public SchemaChange Change => (TakesAllOld, TakesOnlyOld) switch
    {
        (SchemaInclusion.Holds, SchemaInclusion.Holds) => SchemaChange.Same,
        (SchemaInclusion.Holds, SchemaInclusion.Fails) => SchemaChange.Widened,
        (SchemaInclusion.Fails, SchemaInclusion.Holds) => SchemaChange.Narrowed,
        (SchemaInclusion.Fails, SchemaInclusion.Fails) => SchemaChange.Changed,
        _ => SchemaChange.Unknown,
    };
}
