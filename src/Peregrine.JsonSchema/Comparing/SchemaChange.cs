namespace Peregrine.JsonSchema.Comparing;

/// <summary>What became of the set of instances that a schema takes.</summary>
public enum SchemaChange
{
    /// <summary>Both schemas take the same instances.</summary>
    Same,

    /// <summary>The new schema takes all that the old one took, and more.</summary>
    Widened,

    /// <summary>The new schema takes only what the old one took, and less.</summary>
    Narrowed,

    /// <summary>Each schema takes instances that the other one does not.</summary>
    Changed,

    /// <summary>Neither could be shown.</summary>
    Unknown,
}
