using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>What the generator knows of one tool class.</summary>
/// <param name="Activate">Makes an instance, its constructor's parameters taken from the services. Null where all tools are static.</param>
/// <param name="Create">Makes the tools for a <see cref="ToolInstance{T}"/> of the class (null where all are static).</param>
public sealed record GeneratedToolSet(Func<IServiceProvider?, object>? Activate, Func<object?, McpToolHandler[]> Create)
{
    /// <summary>The services that constructor and methods take. By them it is decided, when the server is built, whether one instance serves all calls.</summary>
    public IReadOnlyList<ToolDependency> Dependencies { get; init; } = [];

    /// <summary>Adds the class to a server; null for a static class, of which there is no instance.</summary>
    public Action<PeregrineServerBuilder>? AddTo { get; init; }

    /// <summary>Makes the prompts of the class, as <see cref="Create"/> makes its tools; null where it has none.</summary>
    public Func<object?, McpPromptHandler[]>? Prompts { get; init; }

    /// <summary>Makes the resources of the class; null where it has none.</summary>
    public Func<object?, McpResourceHandler[]>? Resources { get; init; }

    /// <summary>Makes the families of resources of the class; null where it has none.</summary>
    public Func<object?, McpResourceTemplateHandler[]>? Templates { get; init; }
}
