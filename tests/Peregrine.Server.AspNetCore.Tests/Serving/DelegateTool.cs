using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>A tool written by hand.</summary>
internal sealed class DelegateTool(string name, Func<McpCall, ValueTask> body)
    : McpToolHandler(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
{
    internal DelegateTool(string name, Action<McpCall> body)
        : this(name, call =>
        {
            body(call);
            return default;
        })
    {
    }

    public override ValueTask InvokeAsync(McpCall call) => body(call);
}
