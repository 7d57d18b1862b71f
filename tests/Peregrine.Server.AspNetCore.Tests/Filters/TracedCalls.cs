using System.Collections.Concurrent;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Filters;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Filters;

/// <summary>A server whose filters write down what they see.</summary>
internal sealed class TracedCalls
{
    internal ConcurrentQueue<string> Seen { get; } = new();

    internal PeregrineServer Build() => PeregrineServer.CreateBuilder("traced", "1")
        .AddFilter(Trace("outer"))
        .AddFilter(Trace("writing"), static tool => tool.ReadOnly != true)
        .AddFilter(Refuse, static tool => tool.Name == "guarded")
        .AddFilter(Trace("inner"))
        .AddTool(new DelegateTool("fine", call =>
        {
            Seen.Enqueue($"fine with {string.Join(',', call.Items["path"])}");
            call.ReturnText("fine");
        }))
        .AddTool(new DelegateTool("broken", static async _ =>
        {
            await Task.Yield();
            throw new McpToolException("not today");
        }))
        .AddTool(new McpToolDefinition { Name = "limited", Timeout = TimeSpan.FromMinutes(10), InputSchema = "{\"type\":\"object\"}"u8.ToArray() },
            static call => throw new McpToolException($"after {call.Items["path"]}"))
        .AddTool(new DelegateTool("guarded", call => Seen.Enqueue("never")))
        .AddTool(new McpToolDefinition { Name = "reading", ReadOnly = true, InputSchema = "{\"type\":\"object\"}"u8.ToArray() }, static call =>
        {
            call.ReturnText("read");
            return default;
        })
        .Build();

    private static ValueTask Refuse(McpCall call, McpNext next)
    {
        call.ReturnToolError("Nobody may.");
        return default;
    }

    private McpFilter Trace(string name) => async (call, next) =>
    {
        Assert.False(call.HasResult);
        call.Items["path"] = call.Items.TryGetValue("path", out var path) ? $"{path}/{name}" : name;
        Seen.Enqueue($"{name} in: {call.Name} {call.ClientInfo?.Name}");
        await next(call);
        Assert.True(call.HasResult);
        Seen.Enqueue($"{name} out: {call.Tool!.Name} {(call.IsError ? "failed" : "succeeded")} {call.Failure?.Message}".TrimEnd());
    };
}
