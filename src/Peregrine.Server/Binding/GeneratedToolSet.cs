using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>What the generator knows of one tool class.</summary>
/// <param name="Activate">Makes an instance, its constructor's parameters taken from the services. Null where all tools are static.</param>
/// <param name="Create">Makes the tools for a <see cref="ToolInstance{T}"/> of the class (null where all are static).</param>
public sealed record GeneratedToolSet(Func<IServiceProvider?, object>? Activate, Func<object?, McpToolHandler[]> Create)
{
    /// <summary>The services that constructor and methods take. By them it is decided, when the server is built, whether one instance serves all calls.</summary>
    public IReadOnlyList<ToolDependency> Dependencies { get; init; } = [];

    /// <summary>Makes the tools, and notes that their binders judge the arguments.</summary>
    internal McpToolHandler[] Make(object? instance)
    {
        var tools = Create(instance);
        foreach (var tool in tools)
        {
            tool.BindsArguments = true;
        }

        return tools;
    }
}
