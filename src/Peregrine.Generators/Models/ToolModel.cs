namespace Peregrine.Generators.Models;

/// <summary>One tool.</summary>
/// <param name="Name">Its name in MCP.</param>
/// <param name="Method">Its method's name in C#, escaped where it is a keyword.</param>
/// <param name="HandlerName">The name of the class that is generated for it.</param>
/// <param name="IsStatic">True where it needs no instance.</param>
/// <param name="Title">A name for people.</param>
/// <param name="Description">For the model.</param>
/// <param name="Hints">The members of the definition that the attribute sets, with their values in C#.</param>
/// <param name="Parameters">The method's parameters, in order.</param>
/// <param name="Return">What it returns.</param>
internal sealed record ToolModel(
    string Name,
    string Method,
    string HandlerName,
    bool IsStatic,
    string? Title,
    string? Description,
    EquatableArray<string> Hints,
    EquatableArray<ParameterModel> Parameters,
    ReturnModel Return);
