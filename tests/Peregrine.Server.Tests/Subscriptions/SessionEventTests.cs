using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Subscriptions;

/// <summary>What clients of the session era are told: lists without asking, resources they have subscribed to.</summary>
public sealed class SessionEventTests
{
    [Theory]
    [InlineData(Wire.Stream, "2024-11-05")]
    [InlineData(Wire.Stdio, "2025-11-25")]
    public async Task ListsAreToldWithoutAsking(Wire wire, string version)
    {
        var server = SubscriptionServer.Create();
        await using var peer = await OpenAsync(server, wire, version);

        server.NotifyToolsChanged();

        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", await peer.ReceiveLineAsync());
        server.NotifyPromptsChanged();
        server.NotifyResourceUpdated("test://a");
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task NothingIsToldBeforeTheClientIsReady()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Messages.Initialize("2025-06-18"));
        await peer.AskAsync(Subscribe("test://a"));

        server.NotifyToolsChanged();
        server.NotifyResourceUpdated("test://a");
        await peer.AssertQuietAsync();
        await peer.SendAsync(Messages.Initialized);

        // What it has subscribed to is not lost; the list it will ask for anyway.
        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://a"}}""", await peer.ReceiveLineAsync());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ResourcesAreToldFromSubscribeToUnsubscribe()
    {
        var server = SubscriptionServer.Create();
        await using var peer = await OpenAsync(server);
        Assert.Equal("{}", (await peer.AskAsync(Subscribe("test://a"))).Result().GetRawText());
        Assert.Equal("{}", (await peer.AskAsync(Subscribe("test://a"))).Result().GetRawText());
        await peer.AskAsync(Subscribe("test://b"));
        await peer.AskAsync(Subscribe("test://c"));

        server.NotifyResourceUpdated("test://a");
        Assert.Equal("test://a", (await peer.ReceiveAsync()).GetProperty("params").GetProperty("uri").GetString());
        Assert.Equal("{}", (await peer.AskAsync(Unsubscribe("test://b"))).Result().GetRawText());
        Assert.Equal("{}", (await peer.AskAsync(Unsubscribe("test://b"))).Result().GetRawText());
        server.NotifyResourceUpdated("test://b");
        server.NotifyResourceUpdated("test://c");
        Assert.Equal("test://c", (await peer.ReceiveAsync()).GetProperty("params").GetProperty("uri").GetString());
        await peer.AskAsync(Unsubscribe("test://a"));
        await peer.AskAsync(Unsubscribe("test://c"));
        server.NotifyResourceUpdated("test://a");
        server.NotifyResourceUpdated("test://c");
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AnUnknownResourceIsRefused()
    {
        await using var peer = await OpenAsync(SubscriptionServer.Create());

        var refused = await peer.AskAsync(Subscribe("other://a\\\""));

        Assert.Equal(-32002, refused.Code());
        Assert.Equal("other://a\"", refused.Error().GetProperty("data").GetProperty("uri").GetString());
        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request("resources/subscribe"))).Code());
        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request("resources/subscribe", "1", """{"uri":["test://a"]}"""))).Code());
        Assert.Equal(-32602, (await peer.AskAsync(Subscribe("test://" + new string('x', 3000)))).Code());
    }

    [Fact]
    public async Task WithoutASessionThereIsNobodyToTell()
    {
        await using var peer = TestPeer.Start(SubscriptionServer.Create());

        var refused = await peer.AskAsync(Subscribe("test://a"));

        Assert.Equal(-32600, refused.Code());
        Assert.Contains("initialize", refused.Explanation(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASessionMaySubscribeToSoMany()
    {
        var server = SubscriptionServer.Create(static options => options with { MaxResourcesPerStream = 2 });
        await using var peer = await OpenAsync(server);
        await peer.AskAsync(Subscribe("test://a"));
        await peer.AskAsync(Subscribe("test://b"));

        Assert.Equal(4001, (await peer.AskAsync(Subscribe("test://c"))).Code());
        Assert.Equal("{}", (await peer.AskAsync(Subscribe("test://b"))).Result().GetRawText());
        await peer.AskAsync(Unsubscribe("test://a"));
        Assert.Equal("{}", (await peer.AskAsync(Subscribe("test://c"))).Result().GetRawText());
    }

    // The places of the whole server come back: nothing of an ended session is left.
    [Fact]
    public async Task ASessionThatEndsLeavesNothing()
    {
        var server = SubscriptionServer.Create(static options => options with { MaxResources = 3 });
        for (var round = 0; round < 20; round++)
        {
            await using var peer = await OpenAsync(server, round % 2 == 0 ? Wire.Stream : Wire.Stdio);
            foreach (var uri in new[] { "test://a", "test://b", "test://c" })
            {
                Assert.Equal("{}", (await peer.AskAsync(Subscribe(uri))).Result().GetRawText());
            }

            Assert.Equal(4001, (await peer.AskAsync(Subscribe("test://d"))).Code());

            // A second initialize ends the first session, and what it had subscribed to.
            await peer.AskAsync(Messages.Initialize("2025-11-25"));
            await peer.SendAsync(Messages.Initialized);
            server.NotifyResourceUpdated("test://a");
            Assert.Equal("{}", (await peer.AskAsync(Subscribe("test://d"))).Result().GetRawText());
            server.NotifyResourceUpdated("test://d");
            Assert.Equal("test://d", (await peer.ReceiveAsync()).GetProperty("params").GetProperty("uri").GetString());
        }
    }

    private static async Task<TestPeer> OpenAsync(PeregrineServer server, Wire wire = Wire.Stream, string version = "2025-11-25")
    {
        var peer = TestPeer.Start(server, wire);
        await peer.AskAsync(Messages.Initialize(version));
        await peer.SendAsync(Messages.Initialized);

        // A reply to something sent later: the reader has seen the notification.
        await peer.AssertQuietAsync();
        return peer;
    }

    private static string Subscribe(string uri) => Messages.Request("resources/subscribe", "1", $$"""{"uri":"{{uri}}"}""");

    private static string Unsubscribe(string uri) => Messages.Request("resources/unsubscribe", "1", $$"""{"uri":"{{uri}}"}""");
}
