namespace Peregrine.Generators.Models;

/// <summary>When a property is not written.</summary>
internal enum IgnoreCondition
{
    Never,
    WhenNull,
    WhenDefault,
}
