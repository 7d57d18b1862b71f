using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>A tool with options, written by hand.</summary>
internal static class CallTool
{
    private static readonly byte[] AnyObject = "{\"type\":\"object\"}"u8.ToArray();

    internal static McpToolDefinition Named(string name) => new() { Name = name, InputSchema = AnyObject };

    internal static PeregrineServerBuilder Add(this PeregrineServerBuilder builder, McpToolDefinition definition, Func<McpCall, ValueTask> body) =>
        builder.AddTool(definition, body);

    internal static PeregrineServerBuilder Add(this PeregrineServerBuilder builder, McpToolDefinition definition, Action<McpCall> body) =>
        builder.AddTool(definition, call =>
        {
            body(call);
            return default;
        });
}
