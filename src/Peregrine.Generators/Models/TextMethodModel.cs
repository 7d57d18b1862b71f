namespace Peregrine.Generators.Models;

/// <summary>One prompt, resource or family of resources.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">Its name in MCP.</param>
/// <param name="Address">A resource's address, or the template of it.</param>
/// <param name="Method">Its method's name in C#, escaped where it is a keyword.</param>
/// <param name="HandlerName">The name of the class that is generated for it.</param>
/// <param name="IsStatic">True where it needs no instance.</param>
/// <param name="Description">For the model or for people.</param>
/// <param name="Options">Further members of the definition, with their values in C#.</param>
/// <param name="Parameters">The method's parameters, in order.</param>
/// <param name="IsAwaited">True where the method returns a task.</param>
internal sealed record TextMethodModel(
    TextMethodKind Kind,
    string Name,
    string Address,
    string Method,
    string HandlerName,
    bool IsStatic,
    string? Description,
    EquatableArray<string> Options,
    EquatableArray<ParameterModel> Parameters,
    bool IsAwaited);
