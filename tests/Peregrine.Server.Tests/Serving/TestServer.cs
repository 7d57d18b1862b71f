using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Serving;

/// <summary>Servers with tools written by hand, and one that echoes.</summary>
internal static class TestServer
{
    internal static PeregrineServer With(params McpToolHandler[] tools) => Describe(tools).Build();

    internal static PeregrineServerBuilder Describe(params McpToolHandler[] tools)
    {
        var builder = PeregrineServer.CreateBuilder("test-server", "1.2.3").AddTool(Echo());
        foreach (var tool in tools)
        {
            builder.AddTool(tool);
        }

        return builder;
    }

    internal static McpToolHandler Echo() => new DelegateTool("echo", static call =>
    {
        using var arguments = System.Text.Json.JsonDocument.Parse(call.RawArguments);
        call.ReturnText(arguments.RootElement.TryGetProperty("message", out var message) ? message.GetString()! : "nothing");
    });
}
