namespace Peregrine.Generators.Models;

/// <summary>What a type is whose values have parts.</summary>
internal enum CompositeKind
{
    /// <summary>Left to System.Text.Json.</summary>
    Foreign,
    List,
    Set,
    Dictionary,
    Object,
}
