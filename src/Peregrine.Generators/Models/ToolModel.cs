namespace Peregrine.Generators.Models;

/// <summary>One tool.</summary>
/// <param name="Name">Its name in MCP.</param>
/// <param name="Method">Its method's name in C#, escaped where it is a keyword.</param>
/// <param name="HandlerName">The name of the class that is generated for it.</param>
/// <param name="IsStatic">True where it needs no instance.</param>
/// <param name="Title">A name for people.</param>
/// <param name="Description">For the model.</param>
/// <param name="Options">The members of the definition that the attribute sets, with their values in C#.</param>
/// <param name="ReconcileCode">How to find out what became of a call with a key, in C#; null where that is not possible.</param>
/// <param name="Dependencies">The names of the tools that it needs.</param>
/// <param name="Parameters">The method's parameters, in order.</param>
/// <param name="Return">What it returns.</param>
/// <param name="BatchOf">The arguments of one call, where it answers several together; null where it does not.</param>
internal sealed record ToolModel(
    string Name,
    string Method,
    string HandlerName,
    bool IsStatic,
    string? Title,
    string? Description,
    EquatableArray<string> Options,
    string? ReconcileCode,
    EquatableArray<string> Dependencies,
    EquatableArray<ParameterModel> Parameters,
    ReturnModel Return,
    ValueShape? BatchOf);
