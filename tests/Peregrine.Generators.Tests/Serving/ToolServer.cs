using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Versions;
using Peregrine.Server;

namespace Peregrine.Generators.Tests.Serving;

/// <summary>A server with the tools of one class, called as a front calls it.</summary>
internal sealed class ToolServer
{
    private readonly PeregrineServer _server;

    private ToolServer(PeregrineServer server) => _server = server;

    internal static ToolServer Of<T>(T instance)
        where T : class => new(PeregrineServer.CreateBuilder("test", "1.0").AddTools(instance).Build());

    internal static ToolServer Of<T>(IServiceProvider? services = null)
        where T : class
    {
        var builder = PeregrineServer.CreateBuilder("test", "1.0").AddTools<T>();
        return new(services is null ? builder.Build() : builder.UseServices(services).Build());
    }

    internal static ToolServer Of(PeregrineServer server) => new(server);

    internal PeregrineServer Server => _server;

    internal IEnumerable<string> Names => _server.Tools.Select(static tool => tool.Name);

    internal string Schema(string tool) => Encoding.UTF8.GetString(_server.Tools.Single(t => t.Name == tool).InputSchema.Span);

    internal JsonElement Property(string tool, string argument)
    {
        using var schema = JsonDocument.Parse(Schema(tool));
        return schema.RootElement.GetProperty("properties").GetProperty(argument).Clone();
    }

    internal static TestExchange Message(string tool, string arguments) =>
        new($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{"progressToken":7} } }""", ProtocolVersion.V2025_11_25);

    internal async Task<ToolReply> CallAsync(string tool, string arguments = "{}")
    {
        using var exchange = Message(tool, arguments);
        await _server.RespondAsync(exchange);
        using var reply = JsonDocument.Parse(exchange.Reply.WrittenSpan.ToArray());
        return new ToolReply(reply.RootElement.Clone(), [.. exchange.Notifications]);
    }

    internal async Task<string?> TextAsync(string tool, string arguments = "{}")
    {
        var reply = await CallAsync(tool, arguments);
        Assert.False(reply.IsError, reply.Text);
        return reply.Text;
    }

    internal async Task<string> RefusalAsync(string tool, string arguments)
    {
        var reply = await CallAsync(tool, arguments);
        Assert.True(reply.IsError, reply.Text);
        return reply.Text!;
    }
}
