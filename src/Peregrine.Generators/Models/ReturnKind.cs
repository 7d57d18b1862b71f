namespace Peregrine.Generators.Models;

/// <summary>How a method hands over its result.</summary>
internal enum ReturnKind
{
    /// <summary>When it returns.</summary>
    Direct,
    Task,
    ValueTask,
}
