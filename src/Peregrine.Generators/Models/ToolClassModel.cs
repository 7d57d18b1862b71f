namespace Peregrine.Generators.Models;

/// <summary>One class of tools.</summary>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="Name">The class's own name.</param>
/// <param name="TypeName">The class in C#, fully qualified.</param>
/// <param name="CannotCreate">Why generated code cannot make an instance; null where it can.</param>
/// <param name="Dependencies">Its constructor's parameters.</param>
/// <param name="Tools">Its tools.</param>
/// <param name="Composites">The types with parts among their arguments and results.</param>
/// <param name="Texts">Its prompts and resources.</param>
/// <param name="IsStatic">True for a static class.</param>
internal sealed record ToolClassModel(
    string HintName,
    string Name,
    string TypeName,
    string? CannotCreate,
    EquatableArray<DependencyModel> Dependencies,
    EquatableArray<ToolModel> Tools,
    EquatableArray<CompositeModel> Composites,
    EquatableArray<TextMethodModel> Texts,
    bool IsStatic)
{
    internal bool NeedsInstance => Tools.Any(static tool => !tool.IsStatic) || Texts.Any(static text => !text.IsStatic);
}
