namespace Peregrine.Generators.Models;

/// <summary>What a JSON value is as a tool's result; the members are those of ToolResultForm.</summary>
internal enum ResultForm
{
    Object,
    Wrapped,
    Any,
}
