using System.Collections.Concurrent;
using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Peregrine.Client;
using Peregrine.Client.Completion;
using Peregrine.Client.Logging;
using Peregrine.Client.Subscriptions;
using Peregrine.Interop.Tests.Processes;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

// What the SDK calls obsolete is what servers in the field use.
#pragma warning disable MCP9005

namespace Peregrine.Interop.Tests.Servers;

/// <summary>Our client against a server on the official C# SDK: everything that it offers, in both eras, in memory; and its endpoint over HTTP.</summary>
public sealed class OfficialCSharpTests
{
    [Theory]
    [InlineData(null, "2026-07-28")]
    [InlineData(ProtocolEra.Session, "2025-11-25")]
    public async Task EverythingAnswersInMemory(ProtocolEra? era, string version)
    {
        await using var server = OfficialServer.Start();
        await using var clients = await PeregrineClients.ConnectAsync(options => PeregrineClient.ConnectAsync(server.Connection, options), era);
        var client = clients.Client;
        Assert.Equal(version, client.ProtocolVersion.ToText());
        Assert.Equal(("official", "how to use it"), (client.ServerInfo?.Name, client.Instructions));
        await client.PingAsync();

        Assert.Equal(["add", "ask", "count", "echo", "fail", "roots", "sample"], (await client.ListToolsAsync()).Select(static tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Equal("hällo", await clients.CallAsync("echo", """{"message":"hällo"}"""));
        Assert.Equal("3", await clients.CallAsync("add", """{"a":1,"b":2}"""));
        Assert.Equal([1, 2, 3], (await clients.CallWithProgressAsync("count", "{}")).Select(static one => (int)one.Progress));
        using (var failed = await client.CallToolAsync("fail"))
        {
            Assert.True(failed.IsError);
        }

        // In the stateless era a server of this SDK must return its questions; the methods that ask are of the session era.
        if (era == ProtocolEra.Session)
        {
            Assert.Equal("accept Ada", await clients.CallAsync("ask"));
            Assert.Equal("a sampled text", await clients.CallAsync("sample"));
            Assert.Equal("file:///tmp/one", await clients.CallAsync("roots"));
            await client.SetLogLevelAsync(ServerLogLevel.Debug);
        }

        Assert.Equal(["test://text"], (await client.ListResourcesAsync()).Select(static resource => resource.Uri));
        Assert.Equal(["test://numbered/{number}"], (await client.ListResourceTemplatesAsync()).Select(static template => template.UriTemplate));
        using (var text = await client.ReadResourceAsync("test://numbered/5"))
        {
            Assert.Equal("number 5", text.GetText());
        }

        await Assert.ThrowsAsync<McpPeerException>(async () => (await client.ReadResourceAsync("test://nowhere")).Dispose());
        Assert.Equal(["greet"], (await client.ListPromptsAsync()).Select(static prompt => prompt.Name));
        using (var prompt = await client.GetPromptAsync("greet", new Dictionary<string, string> { ["name"] = "Ada" }))
        {
            Assert.Equal("Greet Ada.", prompt.Messages[0].Content.Text);
        }

        Assert.Equal(["Ada", "Alan"], (await client.CompleteAsync(CompletionTarget.Prompt("greet"), "name", "A")).Values);
    }

    [Fact]
    public async Task ChangesAreToldInTheSessionEra()
    {
        await using var server = OfficialServer.Start();
        await using var clients = await PeregrineClients.ConnectAsync(options => PeregrineClient.ConnectAsync(server.Connection, options), ProtocolEra.Session);
        ConcurrentQueue<ServerChange> changes = new();
        await using var subscription = await clients.Client.SubscribeAsync(new SubscriptionRequest { Tools = true, ResourceUris = ["test://text"], OnChange = changes.Enqueue });

        await server.ChangeAsync();

        await Patience.UntilAsync(() => changes.Count == 2, describe: () => string.Join(' ', changes));
        Assert.Equal([new ServerChange(ServerChangeKind.Tools, null), new ServerChange(ServerChangeKind.Resource, "test://text")], changes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ProtocolEra.Session)]
    public async Task OverHttp(ProtocolEra? era)
    {
        var port = FreePort.Find();
        await using var program = StartedProgram.Start(Programs.OfficialHttp, "--urls", $"http://127.0.0.1:{port}");
        await FreePort.WaitUntilTakenAsync(port);
        await using var clients = await PeregrineClients.ConnectAsync(options => PeregrineClient.ConnectAsync(new Uri($"http://127.0.0.1:{port}/mcp"), options), era);
        var tools = await clients.Client.ListToolsAsync();
        Assert.Contains("echo", tools.Select(static tool => tool.Name));
        Assert.Equal("hällo", await clients.CallAsync("echo", """{"message":"hällo"}"""));
        Assert.Equal(era ?? ProtocolEra.Stateless, clients.Client.Era);
    }

    private sealed class OfficialServer : IAsyncDisposable
    {
        private readonly McpServer _server;
        private readonly CancellationTokenSource _ending = new();
        private readonly Task _running;
        private readonly ConcurrentDictionary<string, bool> _watched = new();

        private OfficialServer(StreamPair client, StreamPair server)
        {
            Connection = DuplexConnection.Start(client.Input, client.Output, "the official server");
            _server = McpServer.Create(new StreamServerTransport(server.Input, server.Output), Options(_watched));
            _running = _server.RunAsync(_ending.Token);
        }

        internal DuplexConnection Connection { get; }

        internal static OfficialServer Start()
        {
            var (client, server) = InMemoryStreams.Create();
            return new OfficialServer(client, server);
        }

        internal async Task ChangeAsync()
        {
            await Patience.UntilAsync(() => _watched.ContainsKey("test://text"));
            await _server.SendNotificationAsync("notifications/tools/list_changed");
            await _server.SendNotificationAsync("notifications/resources/updated", new ResourceUpdatedNotificationParams { Uri = "test://text" });
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _server.DisposeAsync();
            _ending.Dispose();
        }

        private static McpServerOptions Options(ConcurrentDictionary<string, bool> watched) => new()
        {
            ServerInfo = new Implementation { Name = "official", Version = "1.0.0" },
            ServerInstructions = "how to use it",
            Capabilities = new ServerCapabilities
            {
                Logging = new LoggingCapability(),
                Completions = new CompletionsCapability(),
                Tools = new ToolsCapability { ListChanged = true },
                Resources = new ResourcesCapability { Subscribe = true },
            },
            ToolCollection =
            [
                McpServerTool.Create((string message) => message, new() { Name = "echo" }),
                McpServerTool.Create((double a, double b) => a + b, new() { Name = "add" }),
                McpServerTool.Create(
                    (IProgress<ProgressNotificationValue> progress) =>
                    {
                        for (var i = 1; i <= 3; i++)
                        {
                            progress.Report(new ProgressNotificationValue { Progress = i, Total = 3 });
                        }

                        return "done";
                    },
                    new() { Name = "count" }),
                McpServerTool.Create(string () => throw new McpException("as asked"), new() { Name = "fail" }),
                McpServerTool.Create(AskAsync, new() { Name = "ask" }),
                McpServerTool.Create(SampleAsync, new() { Name = "sample" }),
                McpServerTool.Create(RootsAsync, new() { Name = "roots" }),
            ],
            ResourceCollection =
            [
                McpServerResource.Create(() => "a text", new() { UriTemplate = "test://text", Name = "text" }),
                McpServerResource.Create((string number) => $"number {number}", new() { UriTemplate = "test://numbered/{number}", Name = "numbered" }),
            ],
            PromptCollection = [McpServerPrompt.Create(([Description("Who")] string name) => $"Greet {name}.", new() { Name = "greet" })],
            Handlers = new McpServerHandlers
            {
                CompleteHandler = (request, _) => new(new CompleteResult
                {
                    Completion = new Completion { Values = [.. new[] { "Ada", "Alan", "Grace" }.Where(name => name.StartsWith(request.Params!.Argument.Value, StringComparison.Ordinal))] },
                }),
                SetLoggingLevelHandler = static (_, _) => new(new EmptyResult()),
                SubscribeToResourcesHandler = (request, _) =>
                {
                    watched[request.Params!.Uri] = true;
                    return new(new EmptyResult());
                },
                UnsubscribeFromResourcesHandler = static (_, _) => new(new EmptyResult()),
            },
        };

        private static async Task<string> AskAsync(McpServer server, CancellationToken cancellationToken)
        {
            var answer = await server.ElicitAsync(
                new ElicitRequestParams
                {
                    Message = "Who are you?",
                    RequestedSchema = new() { Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> { ["name"] = new ElicitRequestParams.StringSchema() } },
                },
                cancellationToken: cancellationToken);
            return $"{answer.Action} {answer.Content?["name"]}";
        }

        private static async Task<string> SampleAsync(McpServer server, CancellationToken cancellationToken)
        {
            var answer = await server.SampleAsync(
                new CreateMessageRequestParams { MaxTokens = 10, Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = "What?" }] }] },
                cancellationToken: cancellationToken);
            return ((TextContentBlock)answer.Content[0]).Text;
        }

        private static async Task<string> RootsAsync(McpServer server, CancellationToken cancellationToken) =>
            (await server.RequestRootsAsync(new ListRootsRequestParams(), cancellationToken)).Roots[0].Uri;
    }
}
