using Microsoft.Extensions.AI;
using Peregrine.Server;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

namespace Peregrine.Extensions.AI.Serving;

/// <summary>Offers functions as tools of a server.</summary>
public static class AIFunctionServerExtensions
{
    /// <summary>
    /// Adds a function as a tool: its name, description and schema are the tool's. It gets the call's services as its own, and the call itself in its context under <c>typeof(McpCall)</c>. What it
    /// returns becomes text, or content blocks where it returns <see cref="AIContent"/>; other objects become JSON.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="function">The function; called from many threads at once.</param>
    /// <param name="change">Changes what the tool is, for example its hints; null leaves it as the function says.</param>
    public static PeregrineServerBuilder AddAIFunction(this PeregrineServerBuilder builder, AIFunction function, Func<McpToolDefinition, McpToolDefinition>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddTool(function.AsTool(change));
    }

    /// <summary>The same for a server of a container.</summary>
    /// <inheritdoc cref="AddAIFunction(PeregrineServerBuilder, AIFunction, Func{McpToolDefinition, McpToolDefinition}?)"/>
    public static IPeregrineBuilder AddAIFunction(this IPeregrineBuilder builder, AIFunction function, Func<McpToolDefinition, McpToolDefinition>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var tool = function.AsTool(change);
        return builder.Configure(server => server.AddTool(tool));
    }

    /// <summary>A function as a tool, for a server that runs.</summary>
    /// <inheritdoc cref="AddAIFunction(PeregrineServerBuilder, AIFunction, Func{McpToolDefinition, McpToolDefinition}?)"/>
    public static McpToolHandler AsTool(this AIFunction function, Func<McpToolDefinition, McpToolDefinition>? change = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        var definition = AIFunctionHandler.Define(function);
        return new AIFunctionHandler(function, change is null ? definition : change(definition));
    }
}
