namespace Peregrine.Server.Tools;

/// <summary>A tool whose code is a delegate.</summary>
internal sealed class DelegateToolHandler(McpToolDefinition definition, Func<McpCall, ValueTask> body) : McpToolHandler(definition)
{
    /// <inheritdoc/>
    public override ValueTask InvokeAsync(McpCall call) => body(call);
}
