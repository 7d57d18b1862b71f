using System.Text.Json;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Subscriptions;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Tools;

/// <summary>Tools that come and go while the server runs.</summary>
public sealed class ToolCollectionTests
{
    [Fact]
    public async Task AToolCanBeAddedListedCalledAndRemoved()
    {
        var server = TestServer.With();
        await using var peer = TestPeer.Start(server);

        server.Tools.Add(Named("late"));
        server.Tools.Add(new McpToolDefinition { Name = "raw", InputSchema = "{\"type\":\"object\",\"properties\":{}}"u8.ToArray() }, static call =>
        {
            call.ReturnText("raw");
            return default;
        });

        Assert.Equal(["echo", "late", "raw"], await NamesAsync(peer));
        Assert.Equal(["echo", "late", "raw"], server.Tools.Select(static tool => tool.Name));
        Assert.Equal("late", (await peer.AskAsync(Messages.Call("late"))).Text());
        Assert.Equal("raw", (await peer.AskAsync(Messages.StatelessCall("raw"))).Text());
        Assert.True(server.Tools.Remove("late"));
        Assert.False(server.Tools.Remove("late"));
        Assert.False(server.Tools.Contains("late"));
        Assert.Equal(2, server.Tools.Count);
        Assert.Equal(["echo", "raw"], await NamesAsync(peer));
        Assert.Equal(-32602, (await peer.AskAsync(Messages.Call("late"))).Code());
    }

    [Fact]
    public async Task ACallUnderWayEndsAsItWouldHave()
    {
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var server = TestServer.With(new DelegateTool("wait", async call =>
        {
            started.SetResult();
            await release.Task;
            call.ReturnText("done");
        }));
        await using var peer = TestPeer.Start(server);
        await peer.SendAsync(Messages.Call("wait"));
        await started.Task.WaitAsync(TestPeer.Patience);

        server.Tools.Remove("wait");
        release.SetResult();

        Assert.Equal("done", (await peer.ReceiveAsync()).Text());
    }

    [Fact]
    public async Task ManyChangesInQuickSuccessionAreToldOnce()
    {
        var time = new ManualTime();
        var server = SubscriptionServer.Create(static options => options with { GatherTime = TimeSpan.FromMilliseconds(50) }, time);
        await using var listener = TestPeer.Start(server);
        await listener.AskAsync(Messages.Listen("""{"toolsListChanged":true}"""));
        await using var session = TestPeer.Start(server);
        await session.AskAsync(Messages.Initialize("2025-11-25"));
        await session.SendAsync(Messages.Initialized);
        await session.AssertQuietAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 50; i++)
            {
                server.Tools.Add(Named($"t{round}_{i}"));
            }

            await listener.AssertQuietAsync();
            time.Advance(TimeSpan.FromMilliseconds(50));

            Assert.Equal("notifications/tools/list_changed", (await listener.ReceiveAsync()).GetProperty("method").GetString());
            Assert.Equal("notifications/tools/list_changed", (await session.ReceiveAsync()).GetProperty("method").GetString());
            Assert.Equal(51 + (round * 50), (await NamesAsync(session)).Length);
        }

        await listener.AssertQuietAsync();
        Assert.Equal(0, time.Armed);
    }

    [Fact]
    public async Task AToolWithATimeToLiveIsRemovedWhenItIsOver()
    {
        var time = new ManualTime();
        var server = SubscriptionServer.Create(null, time);
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Messages.Listen("""{"toolsListChanged":true}"""));
        server.Tools.Add(Named("long"), TimeSpan.FromDays(400));
        server.Tools.AddRange([Named("short"), Named("replaced")], TimeSpan.FromSeconds(10));
        await ChangedAsync(peer);
        time.Advance(TimeSpan.FromSeconds(5));
        server.Tools.Remove("replaced");
        server.Tools.Add(Named("replaced"));
        await ChangedAsync(peer);

        time.Advance(TimeSpan.FromSeconds(5));

        await ChangedAsync(peer);
        Assert.Equal(["echo", "long", "replaced"], server.Tools.Select(static tool => tool.Name));
        for (var day = 0; day < 400; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
        }

        await ChangedAsync(peer);
        Assert.Equal(["echo", "replaced"], server.Tools.Select(static tool => tool.Name));
        Assert.Equal(0, time.Armed);
    }

    [Fact]
    public void WhatIsFaultyIsRefusedWhole()
    {
        var server = TestServer.With();

        var fault = Assert.Throws<ArgumentException>(() => server.Tools.AddRange([Named("good"), Named("not good"), Named("echo"), Named("good")])).Message;

        Assert.Contains("\"not good\"", fault, StringComparison.Ordinal);
        Assert.Contains("The server has a tool named \"echo\" already.", fault, StringComparison.Ordinal);
        Assert.Contains("Two tools are named \"good\"", fault, StringComparison.Ordinal);
        Assert.Equal(["echo"], server.Tools.Select(static tool => tool.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Tools.Add(Named("good"), TimeSpan.Zero));
        Assert.Throws<ArgumentNullException>(() => server.Tools.Add(null!));
    }

    [Fact]
    public void ThereAreAtMostMaxTools()
    {
        var server = TestServer.Describe().Configure(static options => options with { MaxTools = 2 }).Build();
        server.Tools.Add(Named("second"));

        Assert.Contains("may have 2", Assert.Throws<InvalidOperationException>(() => server.Tools.Add(Named("third"))).Message, StringComparison.Ordinal);
        server.Tools.Remove("second");
        server.Tools.Add(Named("third"));
        var built = Assert.Throws<InvalidOperationException>(() => TestServer.Describe().Configure(static options => options with { MaxTools = 0 }).Build());
        Assert.Contains("MaxTools allows 0", built.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyThreadsMayChangeTheToolsAtOnce()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                server.Tools.Add(Named($"t{thread}_{i}"));
                if (i % 2 == 0)
                {
                    Assert.True(server.Tools.Remove($"t{thread}_{i}"));
                }
            }
        })));

        Assert.Equal(1 + (8 * 25), (await NamesAsync(peer)).Distinct().Count());
    }

    private static DelegateTool Named(string name) => new(name, call => call.ReturnText(name));

    private static async Task ChangedAsync(TestPeer peer)
    {
        Assert.Equal("notifications/tools/list_changed", (await peer.ReceiveAsync()).GetProperty("method").GetString());

        // A second one may be on its way where the first was sent between two changes.
        var id = Guid.NewGuid().ToString();
        await peer.SendAsync($$"""{"jsonrpc":"2.0","id":"{{id}}","method":"ping"}""");
        JsonElement message;
        do
        {
            message = await peer.ReceiveAsync();
        }
        while (message.TryGetProperty("method", out _));
    }

    private static async Task<string[]> NamesAsync(TestPeer peer) =>
        [.. (await peer.AskAsync(Messages.Request("tools/list", "\"list\""))).Result().GetProperty("tools").EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()!)];
}
