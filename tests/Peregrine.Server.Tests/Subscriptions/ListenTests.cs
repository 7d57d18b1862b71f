using System.Text.Json;
using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Subscriptions;

/// <summary>subscriptions/listen on connections that carry many requests.</summary>
public sealed class ListenTests
{
    private const string Tools = """{"toolsListChanged":true}""";

    [Theory]
    [InlineData(Wire.Stream, "7")]
    [InlineData(Wire.Stdio, "\"seven\"")]
    [InlineData(Wire.Stream, "\"a\\u0041\\n\"")]
    [InlineData(Wire.Stdio, "0")]
    public async Task AcknowledgesWhatItWillTellAndTagsEveryMessageWithTheIdAsItCame(Wire wire, string id)
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server, wire);

        await peer.SendAsync(Messages.Listen("""{"toolsListChanged":true,"promptsListChanged":false,"resourceSubscriptions":["test://a","other://b","test://a"],"taskIds":["x"]}""", id));

        Assert.Equal(
            $$$$"""{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["test://a"]},"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""",
            await peer.ReceiveLineAsync());
        server.NotifyToolsChanged();
        Assert.Equal(
            $$$$"""{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""",
            await peer.ReceiveLineAsync());
        server.NotifyResourceUpdated("test://a");
        Assert.Equal(
            $$$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://a","_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""",
            await peer.ReceiveLineAsync());
    }

    [Fact]
    public async Task EachStreamHearsOfWhatItAskedForAlone()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://a","test://b"]}""", "1"));
        await peer.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://b"]}""", "2"));
        await peer.AskAsync(Messages.Listen("{}", "3"));
        await peer.AskAsync(Messages.Listen(Tools, "4"));

        server.NotifyResourceUpdated("test://a");
        Assert.Equal((1, "test://a"), await UpdateAsync(peer));
        server.NotifyResourceUpdated("test://b");
        Assert.Equal([1, 2], new[] { await UpdateAsync(peer), await UpdateAsync(peer) }.Select(static update => update.Id).Order());
        server.NotifyResourceUpdated("test://c");
        server.NotifyPromptsChanged();
        server.NotifyToolsChanged();
        Assert.Equal(4, IdOf(await peer.ReceiveAsync()));
        await peer.AssertQuietAsync();
        Assert.Equal(4, server.OpenSubscriptions);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task CancellingEndsAStreamWithoutAWordAndFreesItsId(Wire wire)
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server, wire);
        for (var round = 0; round < 100; round++)
        {
            var acknowledged = await peer.AskAsync(Messages.Listen(Tools, "\"s\""));
            Assert.Equal("notifications/subscriptions/acknowledged", acknowledged.GetProperty("method").GetString());
            await peer.SendAsync(Messages.Cancel("\"s\""));
        }

        await SubscriptionServer.UntilAsync(() => server.OpenSubscriptions == 0);
        server.NotifyToolsChanged();
        await peer.AssertQuietAsync();
    }

    // A cancellation may find the request before it has become a stream, while it does, or afterwards.
    [Fact]
    public async Task CancellingAtAnyMomentLeavesNothing()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);
        for (var round = 0; round < 500; round++)
        {
            await peer.SendAsync(Messages.Listen(Tools, $"{round}") + "\n" + Messages.Cancel($"{round}"));
        }

        await peer.SendAsync("""{"jsonrpc":"2.0","id":"last","method":"ping"}""");
        while ((await peer.ReceiveAsync()).TryGetProperty("method", out var method))
        {
            Assert.Equal("notifications/subscriptions/acknowledged", method.GetString());
        }

        await SubscriptionServer.UntilAsync(() => server.OpenSubscriptions == 0);
    }

    [Fact]
    public async Task TheIdOfAnOpenStreamIsInUse()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Messages.Listen(Tools, "1"));

        Assert.Equal(-32600, (await peer.AskAsync(Messages.StatelessCall("echo", "1"))).Code());
        Assert.Equal(-32600, (await peer.AskAsync(Messages.Listen(Tools, "1"))).Code());
        Assert.Equal("nothing", (await peer.AskAsync(Messages.StatelessCall("echo", "\"1\""))).Text());
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AServerThatEndsItsStreamsSaysSoAndTakesNoMore(Wire wire)
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server, wire);
        await peer.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://a"]}""", "\"s\""));

        server.NotifyResourceUpdated("test://a");
        await server.CloseSubscriptionsAsync(TestContext.Current.CancellationToken);

        Assert.Equal("notifications/resources/updated", (await peer.ReceiveAsync()).GetProperty("method").GetString());
        await AssertEndAsync(peer, "\"s\"");
        Assert.Equal(0, server.OpenSubscriptions);
        var refused = await peer.AskAsync(Messages.Listen(Tools, "\"s\""));
        Assert.Equal(4006, refused.Code());
        Assert.True(refused.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        await server.CloseSubscriptionsAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AtTheEndOfTheInputTheStreamsAreEnded(Wire wire)
    {
        var server = SubscriptionServer.Create();

        // Time enough for a busy machine: a stream that is not told of its end in this time is cut off.
        await using var peer = TestPeer.Start(server, wire, DuplexOptions.Default with { DrainTime = TimeSpan.FromSeconds(30) });
        await peer.AskAsync(Messages.Listen(Tools, "5"));

        peer.EndInput();

        await AssertEndAsync(peer, "5");
        await peer.Running.WaitAsync(TestPeer.Patience);
        Assert.Equal(0, server.OpenSubscriptions);
    }

    [Fact]
    public async Task AStreamTakesNoCallsPlace()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server, options: DuplexOptions.Default with { MaxCallsInFlight = 1 });
        for (var id = 0; id < 10; id++)
        {
            Assert.Equal(id, IdOf(await peer.AskAsync(Messages.Listen(Tools, $"{id}"))));
        }

        // The call of the last one may be about to leave.
        await peer.AssertQuietAsync();
        Assert.Equal("nothing", (await peer.AskAsync(Messages.StatelessCall("echo", "\"c\""))).Text());
        Assert.Equal(10, server.OpenSubscriptions);
    }

    [Fact]
    public async Task MoreStreamsThanTheConnectionMayHaveAreRefused()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server, options: DuplexOptions.Default with { MaxStreams = 2 });
        await peer.AskAsync(Messages.Listen(Tools, "1"));
        await peer.AskAsync(Messages.Listen(Tools, "2"));

        Assert.Equal(4001, (await peer.AskAsync(Messages.Listen(Tools, "3"))).Code());
        await peer.SendAsync(Messages.Cancel("1"));
        await SubscriptionServer.UntilAsync(() => server.OpenSubscriptions == 1);
        Assert.Equal(3, IdOf(await peer.AskAsync(Messages.Listen(Tools, "3"))));
    }

    [Fact]
    public async Task MoreStreamsThanTheServerMayHaveAreRefused()
    {
        var server = SubscriptionServer.Create(static options => options with { MaxStreams = 1, MaxResources = 2 });
        await using (var first = TestPeer.Start(server))
        {
            await first.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://1","test://2"]}""", "1"));
            await using var second = TestPeer.Start(server);
            var refused = await second.AskAsync(Messages.Listen(Tools, "1"));
            Assert.Equal(4001, refused.Code());
            Assert.True(refused.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        }

        await using var third = TestPeer.Start(server);
        Assert.Equal(4001, (await third.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://1","test://2","test://3"]}""", "1"))).Code());
        Assert.Equal(2, IdOf(await third.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://1","test://2"]}""", "2"))));
    }

    [Theory]
    [InlineData("""{"_meta":META}""", "\"notifications\" is required")]
    [InlineData("""{"notifications":null,"_meta":META}""", "\"notifications\" is required")]
    [InlineData("""{"notifications":[true],"_meta":META}""", "\"notifications\" is required")]
    [InlineData("""{"notifications":{"toolsListChanged":1},"_meta":META}""", "notifications.toolsListChanged\" must be true or false")]
    [InlineData("""{"notifications":{"toolsListChanged":true,"toolsListChange\u0064":true},"_meta":META}""", "notifications.toolsListChanged\" is given twice")]
    [InlineData("""{"notifications":{"resourceSubscriptions":"test://a"},"_meta":META}""", "must be an array of URIs")]
    [InlineData("""{"notifications":{"resourceSubscriptions":[["test://a"]]},"_meta":META}""", "must have texts")]
    [InlineData("""{"notifications":{"resourceSubscriptions":[5]},"_meta":META}""", "must have texts")]
    [InlineData("""{"notifications":{"resourceSubscriptions":[""]},"_meta":META}""", "must not have an empty URI")]
    [InlineData("""{"notifications":{"resourceSubscriptions":["\ud800"]},"_meta":META}""", "well-formed")]
    [InlineData("""{"notifications":{"resourceSubscriptions":["test://0123456789012345"]},"_meta":META}""", "at most 20 characters")]
    [InlineData("""{"notifications":{"resourceSubscriptions":["test://1","test://2","test://3","test://4"]},"_meta":META}""", "more than 3 URIs")]
    [InlineData("""{"notifications":{"resourceSubscriptions":[],"resourceSubscriptions":[]},"_meta":META}""", "is given twice")]
    public async Task AFaultyFilterIsExplained(string parameters, string explanation)
    {
        var server = SubscriptionServer.Create(static options => options with { MaxUriLength = 20, MaxResourcesPerStream = 3 });
        await using var peer = TestPeer.Start(server);

        var refused = await peer.AskAsync(Messages.Request("subscriptions/listen", "1", parameters.Replace("META", Messages.Meta, StringComparison.Ordinal)));

        Assert.Equal(-32602, refused.Code());
        Assert.Contains(explanation, refused.Explanation(), StringComparison.Ordinal);
        Assert.Equal(0, server.OpenSubscriptions);
        Assert.Equal(1, IdOf(await peer.AskAsync(Messages.Listen(Tools, "1"))));
    }

    [Fact]
    public async Task ARepeatedUriCountsOnce()
    {
        var server = SubscriptionServer.Create(static options => options with { MaxResourcesPerStream = 1 });
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://a","test:\/\/a","test://\u0061"]}"""));

        server.NotifyResourceUpdated("test://a");

        Assert.Equal((1, "test://a"), await UpdateAsync(peer));
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task TheSessionEraHasNoSuchMethod()
    {
        await using var peer = TestPeer.Start(SubscriptionServer.Create());
        await peer.AskAsync(Messages.Initialize("2025-11-25"));

        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request("subscriptions/listen"))).Code());
        Assert.Equal(-32601, (await peer.AskAsync(Messages.Stateless("resources/subscribe"))).Code());
    }

    internal static int IdOf(JsonElement message) =>
        message.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32();

    private static async Task<(int Id, string Uri)> UpdateAsync(TestPeer peer)
    {
        var message = await peer.ReceiveAsync();
        Assert.Equal("notifications/resources/updated", message.GetProperty("method").GetString());
        return (IdOf(message), message.GetProperty("params").GetProperty("uri").GetString()!);
    }

    private static async Task AssertEndAsync(TestPeer peer, string id)
    {
        Assert.Equal(
            $$$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{{id}}}},"reason":"The server ends this subscription.","_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""",
            await peer.ReceiveLineAsync());
        Assert.Equal(
            $$$$$"""{"jsonrpc":"2.0","id":{{{{{id}}}}},"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":{{{{{id}}}}},"io.modelcontextprotocol/serverInfo":{"name":"test-server","version":"1.2.3"}}}}""",
            await peer.ReceiveLineAsync());
    }
}
