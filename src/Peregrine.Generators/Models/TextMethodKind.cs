namespace Peregrine.Generators.Models;

/// <summary>What a method is that takes texts.</summary>
internal enum TextMethodKind
{
    Prompt,
    Resource,
    ResourceTemplate,
}
