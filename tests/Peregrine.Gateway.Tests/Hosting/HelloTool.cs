using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Hosting;

/// <summary>The smallest tool.</summary>
internal sealed class HelloTool() : McpToolHandler(new McpToolDefinition { Name = "hello", InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
{
    public override ValueTask InvokeAsync(McpCall call)
    {
        call.ReturnText("hi");
        return default;
    }
}
