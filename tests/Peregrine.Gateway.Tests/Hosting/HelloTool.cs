using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Hosting;

/// <summary>The smallest tool.</summary>
internal sealed class HelloTool(string name = "hello") : McpToolHandler(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
{
    public override ValueTask InvokeAsync(McpCall call)
    {
        call.ReturnText("hi");
        return default;
    }
}
