namespace Peregrine.Execution.Stores;

/// <summary>What a store's contents survive.</summary>
public enum Durability
{
    /// <summary>Nothing: they are gone when the process ends.</summary>
    Memory,

    /// <summary>The end of the process, at any moment.</summary>
    Journal,

    /// <summary>The end of the machine: other machines share them.</summary>
    Cluster,
}
