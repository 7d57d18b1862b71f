namespace Peregrine.JsonSchema.Comparing;

/// <summary>Whether all instances of one schema are instances of another.</summary>
public enum SchemaInclusion
{
    /// <summary>Neither a proof nor a counterexample was found.</summary>
    Unknown,

    /// <summary>Proved.</summary>
    Holds,

    /// <summary>Disproved: there is an instance of the one that the other does not take.</summary>
    Fails,
}
