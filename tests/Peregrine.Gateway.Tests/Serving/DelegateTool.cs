using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Serving;

/// <summary>A tool written by hand.</summary>
internal sealed class DelegateTool(string name, Func<McpCall, ValueTask> body)
    : McpToolHandler(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
{
    public override ValueTask InvokeAsync(McpCall call) => body(call);
}
