using System.Net;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Http;

/// <summary>The seam between fronts and what answers, with a second implementation behind it.</summary>
public sealed class ForwardingTests
{
    private static readonly string ProgressMeta = TestSite.Meta[..^1] + ",\"progressToken\":5}";

    [Fact]
    public async Task BodiesGoThroughUnread()
    {
        await using var upstream = await TestSite.StartAsync();
        var responder = new ForwardingResponder(upstream.Client);
        await using var front = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", responder));
        var arguments = $$"""{ "odd" :  "{{new string('a', 1_000_000)}}" }""";

        using var response = await front.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo", arguments)));

        Assert.Equal(arguments, (await response.JsonAsync()).Text());
        Assert.Equal(1, responder.Unread);
    }

    [Fact]
    public async Task StreamsComeBackAsStreams()
    {
        await using var upstream = await TestSite.StartAsync(new DelegateTool("steps", static async call =>
        {
            for (var i = 1; i <= 50; i++)
            {
                await call.ReportProgressAsync(i);
            }

            call.ReturnText("done");
        }));
        await using var front = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", new ForwardingResponder(upstream.Client)));

        using var response = await front.Client.SendAsync(TestSite.PostStateless("tools/call", "steps", TestSite.Call("steps", "{}", ProgressMeta)));

        var events = await response.EventsAsync();
        Assert.Equal(Enumerable.Range(1, 50), events.SkipLast(1).Select(static e => e.GetProperty("params").GetProperty("progress").GetInt32()));
        Assert.Equal("done", events[^1].Text());
    }

    [Fact]
    public async Task WhoTakesTheBodyUnreadLeavesItsChecksToTheUpstream()
    {
        await using var upstream = await TestSite.StartAsync();
        await using var front = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", new ForwardingResponder(upstream.Client)));

        using var response = await front.Client.SendAsync(TestSite.PostStateless("tools/call", "other", TestSite.Call("echo")));

        Assert.Equal(-32020, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Fact]
    public async Task OtherRequestsAreScannedAndJudged()
    {
        await using var upstream = await TestSite.StartAsync();
        var responder = new ForwardingResponder(upstream.Client);
        await using var front = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", responder));

        using var session = await front.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        using var list = await front.Client.SendAsync(TestSite.PostStateless("tools/list", null, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{{{TestSite.Meta}}} } }"""));
        using var wrong = await front.Client.SendAsync(TestSite.PostStateless("tools/list", null, "{"));

        Assert.Equal(-32601, (await session.JsonAsync()).Code());
        Assert.Equal(-32601, (await list.JsonAsync(HttpStatusCode.NotFound)).Code());
        Assert.Equal(-32700, (await wrong.JsonAsync(HttpStatusCode.BadRequest)).Code());
        Assert.Equal((0, 2), (responder.Unread, responder.Scanned));
    }

    [Fact]
    public async Task ACallerThatGoesAwayIsGoneForTheUpstreamToo()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var upstream = await TestSite.StartAsync(new DelegateTool("wait", async call =>
        {
            call.CancellationToken.Register(() => cancelled.SetResult());
            started.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }));
        await using var front = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", new ForwardingResponder(upstream.Client)));
        using (var raw = await front.ConnectAsync())
        {
            var body = TestSite.Call("wait");
            await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: wait") + body);
            await started.Task.WaitAsync(TestSite.Patience);
        }

        await cancelled.Task.WaitAsync(TestSite.Patience);
    }

    [Fact]
    public async Task AResponderThatThrowsIsAnInternalError()
    {
        using var nobody = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1") };
        await using var front = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", new ForwardingResponder(nobody)));

        using var response = await front.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo")));

        Assert.Equal(-32603, (await response.JsonAsync()).Code());
        Assert.Single(front.Log.All);
    }
}
