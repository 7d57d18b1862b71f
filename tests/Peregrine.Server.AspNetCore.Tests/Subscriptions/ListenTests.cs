using System.Net;
using System.Text.Json;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Subscriptions;

/// <summary>subscriptions/listen over HTTP: a response that stays open.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData("17")]
    [InlineData("\"seventeen\"")]
    public async Task ChangesOfToolsArriveTaggedWithTheRequestsId(string id)
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);
        using var listening = await Listening.OpenAsync(site, Listening.Tools, id);

        server.Tools.Add(new McpToolDefinition { Name = "late", InputSchema = "{\"type\":\"object\"}"u8.ToArray() }, static call =>
        {
            call.ReturnText("here");
            return default;
        });

        var message = await listening.NextAsync();
        Assert.Equal(
            $$$$"""{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":{{{{id}}}}}}}""", message.GetRawText());
        using var called = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "late", TestSite.Call("late")));
        Assert.Equal("here", (await called.JsonAsync()).Text());
        Assert.Equal("text/event-stream", listening.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(listening.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.True(listening.Response.Headers.CacheControl!.NoStore);
        Assert.Empty(site.Log.All);
    }

    [Fact]
    public async Task SeveralStreamsAtOnceHearOfWhatTheyAskedFor()
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);
        using var first = await Listening.OpenAsync(site, """{"resourceSubscriptions":["test://a","test://b"]}""", "1");
        using var second = await Listening.OpenAsync(site, """{"resourceSubscriptions":["test://b","nowhere://c"]}""", "1");

        server.NotifyResourceUpdated("test://a");
        server.NotifyResourceUpdated("test://b");

        Assert.Equal("test://a", Uri(await first.NextAsync()));
        Assert.Equal("test://b", Uri(await first.NextAsync()));
        Assert.Equal("test://b", Uri(await second.NextAsync()));
        Assert.Equal(2, server.OpenSubscriptions);
    }

    [Fact]
    public async Task AServerThatEndsItsStreamsSendsTheResultLast()
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);
        using var listening = await Listening.OpenAsync(site, Listening.Tools, "\"x\"");

        await server.CloseSubscriptionsAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":"x","result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":"x","io.modelcontextprotocol/serverInfo":{"name":"test-server","version":"1.2.3"}}}}""",
            (await listening.NextAsync()).GetRawText());
        Assert.Null(await listening.TryNextAsync());
        Assert.Equal(0, server.OpenSubscriptions);
        using var refused = await site.Client.SendAsync(Listening.Request(Listening.Tools));
        Assert.Equal(4006, (await refused.JsonAsync(HttpStatusCode.ServiceUnavailable)).Code());
    }

    [Fact]
    public async Task AHostThatStopsEndsItsStreamsInGoodOrder()
    {
        var server = Listening.Server();
        Listening listening;
        await using (var site = await Listening.StartAsync(server))
        {
            listening = await Listening.OpenAsync(site, Listening.Tools);
            await site.StopAsync().WaitAsync(TestSite.Patience);
            Assert.Equal("complete", (await listening.NextAsync()).GetProperty("result").GetProperty("resultType").GetString());
            Assert.Null(await listening.TryNextAsync());
            Assert.Empty(site.Log.All);
        }

        listening.Dispose();
        Assert.Equal(0, server.OpenSubscriptions);
    }

    [Fact]
    public async Task AClientThatGoesAwayLeavesNoTrace()
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);
        for (var round = 0; round < 20; round++)
        {
            using var raw = await site.ConnectAsync();
            await raw.SendAsync(Raw("""{"toolsListChanged":true,"resourceSubscriptions":["test://a"]}"""));
            await raw.ReceiveAsync(static text => text.Contains("acknowledged", StringComparison.Ordinal));
            if (round % 2 == 0)
            {
                raw.Reset();
            }
        }

        await Waiting.UntilAsync(() => server.OpenSubscriptions == 0);
        server.NotifyToolsChanged();
        server.NotifyResourceUpdated("test://a");
        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        Assert.Equal("{}", (await response.JsonAsync()).Text());
        Assert.Empty(site.Log.All);
    }

    [Fact]
    public async Task ASilentStreamIsKeptAlive()
    {
        var time = new ManualTime();
        var server = Listening.Server(static options => options with { KeepAlive = TimeSpan.FromSeconds(10) }, time);
        await using var site = await Listening.StartAsync(server);
        using (var listening = await Listening.OpenAsync(site, Listening.Tools))
        {
            // It has spoken since the last look, or there was none: it need not.
            time.Advance(TimeSpan.FromSeconds(5));
            server.NotifyToolsChanged();
            await listening.NextAsync();
            time.Advance(TimeSpan.FromSeconds(5));
            server.NotifyToolsChanged();
            await listening.NextAsync();
            Assert.Equal(0, listening.Comments);

            time.Advance(TimeSpan.FromSeconds(5));
            time.Advance(TimeSpan.FromSeconds(5));
            await CommentAsync(listening);
            time.Advance(TimeSpan.FromSeconds(5));
            time.Advance(TimeSpan.FromSeconds(5));
            await CommentAsync(listening);
            Assert.Equal(1, time.Armed);
        }

        await Waiting.UntilAsync(() => server.OpenSubscriptions == 0);
        Assert.Equal(0, time.Armed);
    }

    [Fact]
    public async Task MoreStreamsThanTheServerMayHaveAreRefusedForLater()
    {
        var server = Listening.Server(static options => options with { MaxStreams = 1 });
        await using var site = await Listening.StartAsync(server);
        using (await Listening.OpenAsync(site, Listening.Tools))
        {
            using var refused = await site.Client.SendAsync(Listening.Request(Listening.Tools, "\"second\""));
            Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
            var reply = await refused.JsonAsync(HttpStatusCode.TooManyRequests);
            Assert.Equal(4001, reply.Code());
            Assert.Equal("second", reply.GetProperty("id").GetString());
        }

        await Waiting.UntilAsync(() => server.OpenSubscriptions == 0);
        using var accepted = await Listening.OpenAsync(site, Listening.Tools);
    }

    [Fact]
    public async Task AClientThatReadsNoEventsIsRefused()
    {
        await using var site = await Listening.StartAsync(Listening.Server());

        using var refused = await site.Client.SendAsync(Listening.Request(Listening.Tools, "1", ("Accept", "application/json")));

        Assert.Equal(-32600, (await refused.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"toolsListChanged":"yes"}""")]
    [InlineData("""{"resourceSubscriptions":[{}]}""")]
    public async Task AFaultyFilterIsRefusedAsJson(string notifications)
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);

        using var refused = await site.Client.SendAsync(Listening.Request(notifications));

        Assert.Equal(-32602, (await refused.JsonAsync()).Code());
        Assert.Equal(0, server.OpenSubscriptions);
    }

    [Fact]
    public async Task ManyUrisTravelWhole()
    {
        var server = Listening.Server(static options => options with { MaxResourcesPerStream = 5000 });
        await using var site = await Listening.StartAsync(server);
        string[] uris = [.. Enumerable.Range(0, 5000).Select(static i => $"test://{new string('u', 100)}/{i}")];
        using var listening = await Listening.OpenAsync(site, $$"""{"resourceSubscriptions":{{JsonSerializer.Serialize(uris)}}}""");

        foreach (var uri in uris)
        {
            server.NotifyResourceUpdated(uri);
        }

        HashSet<string> received = [];
        while (received.Count < uris.Length)
        {
            Assert.True(received.Add(Uri(await listening.NextAsync())));
        }
    }

    internal static string Raw(string notifications, string id = "1")
    {
        var body = Listening.Body(notifications, id);
        return RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: subscriptions/listen") + body;
    }

    private static async Task CommentAsync(Listening listening)
    {
        // The empty line behind what came before.
        Assert.Equal("", await listening.LineAsync());
        Assert.Equal(":", await listening.LineAsync());
    }

    private static string Uri(JsonElement message)
    {
        Assert.Equal("notifications/resources/updated", message.GetProperty("method").GetString());
        return message.GetProperty("params").GetProperty("uri").GetString()!;
    }
}
