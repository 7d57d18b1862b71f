using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Once;

/// <summary>A tool with a definition of its own.</summary>
internal sealed class HandTool(McpToolDefinition definition, Func<McpCall, ValueTask> body) : McpToolHandler(definition)
{
    public override ValueTask InvokeAsync(McpCall call) => body(call);
}
