using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Serving;

/// <summary>A tool written by hand.</summary>
internal sealed class DelegateTool(string name, Func<McpCall, ValueTask> body, bool blocking = false)
    : McpToolHandler(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray(), Blocking = blocking })
{
    internal DelegateTool(string name, Action<McpCall> body, bool blocking = false)
        : this(name, call =>
        {
            body(call);
            return default;
        }, blocking)
    {
    }

    public override ValueTask InvokeAsync(McpCall call) => body(call);
}
