using System.Collections.Concurrent;
using System.Text;
using Peregrine.Client;
using Peregrine.Client.Completion;
using Peregrine.Client.Subscriptions;
using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;
using Peregrine.Protocol.Versions;

namespace Peregrine.Interop.Tests.Servers;

/// <summary>Our client against a server on the TypeScript SDK v2, in both eras, over both of its transports.</summary>
public sealed class TypeScriptV2Tests
{
    [Theory]
    [InlineData("stdio", null, "2026-07-28")]
    [InlineData("stdio", ProtocolEra.Session, "2025-11-25")]
    [InlineData("http", null, "2026-07-28")]
    [InlineData("http", ProtocolEra.Session, "2025-11-25")]
    public async Task EverythingAnswers(string transport, ProtocolEra? era, string version)
    {
        await using var server = await StartAsync(transport);
        await using var clients = await server.ConnectAsync(era);
        var client = clients.Client;
        Assert.Equal(version, client.ProtocolVersion.ToText());
        Assert.Equal("typescript-v2-server", client.ServerInfo?.Name);
        Assert.Equal(["echo", "add", "region", "steps", "fail", "ask", "touch"], (await client.ListToolsAsync()).Select(static tool => tool.Name));

        Assert.Equal("hällo\n", await clients.CallAsync("echo", """{"message":"hällo\n"}"""));
        using (var sum = await client.CallToolAsync("add", """{"a":1,"b":2}"""u8.ToArray()))
        {
            Assert.Equal("{\"sum\":3}", Encoding.UTF8.GetString(sum.StructuredContent.Span));
        }

        Assert.Equal("Østfold", await clients.CallAsync("region", """{"region":"Østfold"}"""));
        Assert.Equal([1, 2, 3], (await clients.CallWithProgressAsync("steps", "{}")).Select(static one => (int)one.Progress));
        using (var failed = await client.CallToolAsync("fail"))
        {
            Assert.True(failed.IsError);
            Assert.Contains("as asked", failed.GetText(), StringComparison.Ordinal);
        }

        // Over HTTP its session era is served without sessions, so nothing can be asked there.
        if (version == "2026-07-28" || transport == "stdio")
        {
            Assert.Equal("hello Ada", await clients.CallAsync("ask"));
            Assert.Equal(["Who are you?"], clients.Questions);
        }

        Assert.Equal(["test://watched"], (await client.ListResourcesAsync()).Select(static resource => resource.Uri));
        Assert.Equal(["test://numbered/{number}"], (await client.ListResourceTemplatesAsync()).Select(static template => template.UriTemplate));
        using (var text = await client.ReadResourceAsync("test://numbered/5"))
        {
            Assert.Equal("number 5", text.GetText());
        }

        Assert.Equal(["greet"], (await client.ListPromptsAsync()).Select(static prompt => prompt.Name));
        using (var prompt = await client.GetPromptAsync("greet", new Dictionary<string, string> { ["name"] = "Ada" }))
        {
            Assert.Equal(("user", "Greet Ada."), (prompt.Messages[0].Role, prompt.Messages[0].Content.Text));
        }

        Assert.Equal(["Ada", "Alan"], (await client.CompleteAsync(CompletionTarget.Prompt("greet"), "name", "A")).Values);
        await client.PingAsync();
    }

    [Fact]
    public async Task ChangesAreToldOverHttp()
    {
        await using var server = await StartAsync("http");
        await using var clients = await server.ConnectAsync(era: null);
        ConcurrentQueue<ServerChange> changes = new();
        await using var subscription = await clients.Client.SubscribeAsync(
            new SubscriptionRequest { Tools = true, ResourceUris = ["test://watched"], OnChange = changes.Enqueue });

        await clients.CallAsync("touch");

        await Patience.UntilAsync(() => Task.FromResult(changes.Count == 2), describe: () => string.Join(' ', changes));
        Assert.Equal([new ServerChange(ServerChangeKind.Resource, "test://watched"), new ServerChange(ServerChangeKind.Tools, null)], changes);
    }

    private static async Task<Server> StartAsync(string transport)
    {
        NpmPackages.Require();
        if (transport == "stdio")
        {
            return new Server(null, null);
        }

        var port = FreePort.Find();
        var program = StartedProgram.Start("node", NpmPackages.ServerOfTypeScriptV2, $"{port}");
        await program.WaitForErrorLineAsync($"listening on {port}");
        return new Server(program, new Uri($"http://127.0.0.1:{port}/mcp"));
    }

    private sealed record Server(StartedProgram? Program, Uri? Endpoint) : IAsyncDisposable
    {
        internal Task<PeregrineClients> ConnectAsync(ProtocolEra? era) => PeregrineClients.ConnectAsync(
            options => Endpoint is null
                ? PeregrineClient.ConnectStdioAsync("node", [NpmPackages.ServerOfTypeScriptV2], options)
                : PeregrineClient.ConnectAsync(Endpoint, options),
            era);

        public ValueTask DisposeAsync() => Program?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
