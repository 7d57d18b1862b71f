using System.Text.Json;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Subscriptions;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Specification;

/// <summary>What the server sends, against the schemas that the specification publishes.</summary>
public sealed class PublishedSchemaTests
{
    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task EveryMessageFits(string version)
    {
        var schema = PublishedSchema.Of(version);
        var stateless = version == "2026-07-28";
        await using var peer = TestPeer.Start(Server());
        var opened = await peer.AskAsync(stateless ? Messages.Stateless("server/discover") : Messages.Initialize(version));
        Fits(schema, opened.Result(), stateless ? "DiscoverResult" : "InitializeResult");

        var list = await peer.AskAsync(stateless ? Messages.Stateless("tools/list") : Messages.Request("tools/list"));
        Fits(schema, list.Result(), "ListToolsResult");
        foreach (var tool in new[] { "echo", "nothing", "fail", "described" })
        {
            const string Arguments = "{\"a\":\"x\"}";
            var reply = await peer.AskAsync(stateless ? Messages.StatelessCall(tool, arguments: Arguments) : Messages.Call(tool, arguments: Arguments));
            Fits(schema, reply, "JSONRPCResultResponse", "JSONRPCResponse");
            Fits(schema, reply.Result(), "CallToolResult");
        }

        var meta = stateless ? Messages.Meta[..^1] + ",\"progressToken\":\"t\"}" : "{\"progressToken\":\"t\"}";
        Fits(schema, await peer.AskAsync(Messages.Request("tools/call", "1", $$"""{"name":"progress","_meta":{{meta}} }""")), "ProgressNotification");
        await peer.ReceiveAsync();
        foreach (var wrong in new[] { Messages.Request("no/such"), Messages.Call("no_such"), "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":5}" })
        {
            Fits(schema, await peer.AskAsync(wrong), "JSONRPCErrorResponse", "JSONRPCError");
        }
    }

    [Fact]
    public async Task TheErrorForAnUnsupportedVersionFits()
    {
        var schema = PublishedSchema.Of("2026-07-28");
        await using var peer = TestPeer.Start(Server());

        var reply = await peer.AskAsync(Messages.Stateless("tools/list", "1", Messages.Meta.Replace("2026-07-28", "1999-01-01", StringComparison.Ordinal)));

        Fits(schema, reply, "UnsupportedProtocolVersionError");
    }

    [Fact]
    public async Task EveryMessageOfAListenStreamFits()
    {
        var schema = PublishedSchema.Of("2026-07-28");
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);

        Fits(schema, await peer.AskAsync(Messages.Listen("""{"toolsListChanged":true,"resourceSubscriptions":["test://a"]}""", "\"s\"")), "SubscriptionsAcknowledgedNotification");
        server.NotifyToolsChanged();
        Fits(schema, await peer.ReceiveAsync(), "ToolListChangedNotification");
        server.NotifyResourceUpdated("test://a");
        Fits(schema, await peer.ReceiveAsync(), "ResourceUpdatedNotification");
        await server.CloseSubscriptionsAsync(TestContext.Current.CancellationToken);
        Fits(schema, await peer.ReceiveAsync(), "CancelledNotification");
        var end = await peer.ReceiveAsync();
        Fits(schema, end, "JSONRPCResultResponse");
        Fits(schema, end.Result(), "SubscriptionsListenResult");
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-11-25")]
    public async Task EveryNotificationOfASessionFits(string version)
    {
        var schema = PublishedSchema.Of(version);
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);
        Fits(schema, (await peer.AskAsync(Messages.Initialize(version))).Result(), "InitializeResult");
        await peer.SendAsync(Messages.Initialized);
        Fits(schema, (await peer.AskAsync(Messages.Request("resources/subscribe", "1", """{"uri":"test://a"}"""))).Result(), "EmptyResult");

        server.NotifyResourceUpdated("test://a");
        Fits(schema, await peer.ReceiveAsync(), "ResourceUpdatedNotification");
        server.NotifyToolsChanged();
        Fits(schema, await peer.ReceiveAsync(), "ToolListChangedNotification");
    }

    [Fact]
    public void TheJudgeFindsFaults()
    {
        var schema = PublishedSchema.Of("2026-07-28");
        static JsonElement Parse(string json)
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }

        Assert.NotEmpty(schema.Judge(Parse("""{"tools":[]}"""), "ListToolsResult"));
        Assert.NotEmpty(schema.Judge(Parse("""{"tools":[{"name":5,"inputSchema":{"type":"object"}}],"ttlMs":0,"cacheScope":"public","resultType":"complete"}"""), "ListToolsResult"));
        Assert.NotEmpty(schema.Judge(Parse("""{"tools":[],"ttlMs":-1,"cacheScope":"public","resultType":"complete"}"""), "ListToolsResult"));
        Assert.NotEmpty(schema.Judge(Parse("""{"tools":[],"ttlMs":1,"cacheScope":"nobody","resultType":"complete"}"""), "ListToolsResult"));
    }

    private static PeregrineServer Server() => TestServer.Describe(
        new DelegateTool("nothing", static _ => { }),
        new DelegateTool("fail", static _ => throw new McpToolException("no")),
        new DelegateTool("progress", static call => call.ReportProgressAsync(0.5, 1, "half")),
        new Described()).Configure(static options => options with { Title = "Title", Instructions = "Instructions." }).Build();

    private static void Fits(PublishedSchema schema, JsonElement value, params ReadOnlySpan<string> names) =>
        Assert.Equal("", string.Join('\n', schema.Judge(value, names)));

    private sealed class Described() : McpToolHandler(new McpToolDefinition
    {
        Name = "described",
        Title = "Title",
        Description = "Description",
        InputSchema = """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"""u8.ToArray(),
        OutputSchema = """{"type":"object"}"""u8.ToArray(),
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
    })
    {
        public override ValueTask InvokeAsync(McpCall call)
        {
            call.ReturnText("{}");
            return default;
        }
    }
}
