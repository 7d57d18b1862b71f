using System.Net;
using System.Text;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Binding;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Http;

/// <summary>Replies that become event streams, and callers that go away.</summary>
public sealed class StreamTests
{
    private const string Token = "\"progressToken\":\"t\"";
    private static readonly string StatelessMeta = TestSite.Meta[..^1] + "," + Token + "}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProgressMakesAStreamWhoseLastEventIsTheReply(bool stateless)
    {
        await using var site = await TestSite.StartAsync(Steps());

        using var response = await site.Client.SendAsync(stateless
            ? TestSite.PostStateless("tools/call", "steps", TestSite.Call("steps", "{}", StatelessMeta))
            : TestSite.Post(TestSite.SessionCall("steps", "{}", $"{{{Token}}}"), ("MCP-Protocol-Version", "2025-06-18")));

        var events = await response.EventsAsync();
        Assert.Equal(6, events.Count);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("notifications/progress", events[i].GetProperty("method").GetString());
            Assert.Equal("t", events[i].GetProperty("params").GetProperty("progressToken").GetString());
            Assert.Equal(i + 1, events[i].GetProperty("params").GetProperty("progress").GetInt32());
        }

        Assert.Equal("done", events[5].Text());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(TestSite.Meta)]
    public async Task WithoutATokenTheReplyIsJson(string meta)
    {
        await using var site = await TestSite.StartAsync(Steps());

        using var response = await site.Client.SendAsync(meta == TestSite.Meta
            ? TestSite.PostStateless("tools/call", "steps", TestSite.Call("steps"))
            : TestSite.Post(TestSite.SessionCall("steps")));

        Assert.Equal("done", (await response.JsonAsync()).Text());
    }

    [Fact]
    public async Task AClientThatReadsNoEventsGetsItsReplyAsJson()
    {
        await using var site = await TestSite.StartAsync(Steps());

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "steps", TestSite.Call("steps", "{}", StatelessMeta), ("Accept", "application/json")));

        Assert.Equal("done", (await response.JsonAsync()).Text());
    }

    [Fact]
    public async Task AClientThatReadsOnlyEventsGetsAStream()
    {
        await using var site = await TestSite.StartAsync(Steps());

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "steps", TestSite.Call("steps"), ("Accept", "text/event-stream")));
        using var list = await site.Client.SendAsync(TestSite.Post("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", ("Accept", "text/event-stream")));

        Assert.Equal("done", Assert.Single(await response.EventsAsync()).Text());
        Assert.Equal(2, Assert.Single(await list.EventsAsync()).GetProperty("result").GetProperty("tools").GetArrayLength());
    }

    [Fact]
    public async Task AnErrorWithAStatusKeepsItForAClientThatReadsOnlyEvents()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "other", TestSite.Call("echo"), ("Accept", "text/event-stream")));

        Assert.Equal(-32020, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Fact]
    public async Task AMessageOfManyLinesIsOneEvent()
    {
        await using var site = await TestSite.StartAsync(new DelegateTool("lines", static async call =>
        {
            await call.ReportProgressAsync(1, null, "a\r\nb\n\nc");
            call.ReturnText("x\n\ny\r\n");
        }));

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "lines", TestSite.Call("lines", "{}", StatelessMeta)));

        var events = await response.EventsAsync();
        Assert.Equal("a\r\nb\n\nc", events[0].GetProperty("params").GetProperty("message").GetString());
        Assert.Equal("x\n\ny\r\n", events[1].Text());
    }

    [Fact]
    public async Task EventsArriveWhileTheToolRuns()
    {
        var gate = new TaskCompletionSource();
        await using var site = await TestSite.StartAsync(new DelegateTool("wait", async call =>
        {
            await call.ReportProgressAsync(1);
            await gate.Task;
            call.ReturnText("done");
        }));
        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "wait", TestSite.Call("wait", "{}", StatelessMeta)), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var first = await reader.ReadLineAsync().WaitAsync(TestSite.Patience);
        while (first?.StartsWith("data:", StringComparison.Ordinal) == false)
        {
            first = await reader.ReadLineAsync().WaitAsync(TestSite.Patience);
        }

        Assert.Contains("notifications/progress", first, StringComparison.Ordinal);
        gate.SetResult();
        Assert.Contains("done", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InTheStatelessEraACallerThatGoesAwayCancelsWithoutALog()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await TestSite.StartAsync(Waiting(started, cancelled, new TaskCompletionSource()));

        using (var raw = await site.ConnectAsync())
        {
            var body = TestSite.Call("wait");
            await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: wait") + body);
            await started.Task.WaitAsync(TestSite.Patience);
        }

        await cancelled.Task.WaitAsync(TestSite.Patience);

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        Assert.Equal("{}", (await response.JsonAsync()).Text());
        Assert.Empty(site.Log.All);
    }

    [Fact]
    public async Task InTheSessionEraItDoesNot()
    {
        var (started, cancelled, release, seen) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource<CancellationToken>());
        var gone = new TaskCompletionSource();
        await using var site = await TestSite.StartAsync(new DelegateTool("wait", async call =>
        {
            var token = call.CancellationToken;
            started.SetResult();
            await release.Task;
            seen.SetResult(token);
            call.ReturnText("done");
        }));

        using (var raw = await site.ConnectAsync())
        {
            var body = TestSite.SessionCall("wait");
            await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2025-11-25") + body);
            await started.Task.WaitAsync(TestSite.Patience);
            raw.Reset();
        }

        // A later request of another connection, so that the server has had its chance to notice.
        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        Assert.Equal("{}", (await response.JsonAsync()).Text());
        release.SetResult();

        Assert.False((await seen.Task.WaitAsync(TestSite.Patience)).IsCancellationRequested);
        Assert.False(cancelled.Task.IsCompleted);
        Assert.False(gone.Task.IsCompleted);
    }

    [Fact]
    public async Task ACallerThatLeavesAStreamCancelsIt()
    {
        var cancelled = new TaskCompletionSource();
        await using var site = await TestSite.StartAsync(new DelegateTool("talk", async call =>
        {
            var token = call.CancellationToken;
            using var registration = token.Register(() => cancelled.TrySetResult());
            for (var i = 1; ; i++)
            {
                token.ThrowIfCancellationRequested();
                await call.ReportProgressAsync(i, null, new string('m', 1000), token);
            }
        }));
        using (var raw = await site.ConnectAsync())
        {
            var body = TestSite.Call("talk", "{}", StatelessMeta);
            await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: talk") + body);
            await raw.ReceiveAsync(static text => text.Length > 10_000);
        }

        await cancelled.Task.WaitAsync(TestSite.Patience);
        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        Assert.Equal("{}", (await response.JsonAsync()).Text());
        Assert.Empty(site.Log.All);
    }

    // A thread that outlives its call must not write into the stream of the request that comes next in the same object.
    [Fact]
    public async Task ProgressOfAnEndedCallReachesNobodyElse()
    {
        using var stop = new CancellationTokenSource();
        List<Task> reporters = [];
        await using var site = await TestSite.StartAsync(new DelegateTool("leak", call =>
        {
            lock (reporters)
            {
                reporters.Add(Task.Run(() =>
                {
                    var progress = new CallProgress(call);
                    for (var i = 1; i < 20_000 && !stop.IsCancellationRequested && IsAlive(call); i++)
                    {
                        progress.Report(i);
                    }
                }));
            }

            call.ReturnText("done");
        }));

        for (var call = 0; call < 200; call++)
        {
            var meta = $"{{\"progressToken\":{call}}}";
            using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("leak", "{}", meta, $"{call}")));
            var text = await response.Content.ReadAsStringAsync();
            var messages = response.Content.Headers.ContentType!.MediaType == "application/json" ? [System.Text.Json.JsonDocument.Parse(text).RootElement] : ResponseExtensions.ParseEvents(text);
            Assert.All(messages.SkipLast(1), message => Assert.Equal(call, message.GetProperty("params").GetProperty("progressToken").GetInt32()));
            Assert.Equal(call, messages[^1].GetProperty("id").GetInt32());
        }

        await stop.CancelAsync();
        await Task.WhenAll(reporters).WaitAsync(TestSite.Patience);
        Assert.Empty(site.Log.All);
    }

    [Fact]
    public async Task AToolThatThrowsIsAResult()
    {
        await using var site = await TestSite.StartAsync(new DelegateTool("fail", static _ => throw new McpToolException("no")), new DelegateTool("break", static _ => throw new InvalidOperationException("secret")));

        using var meant = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("fail")));
        using var other = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("break")));

        Assert.Equal("no", (await meant.JsonAsync()).Text());
        Assert.DoesNotContain("secret", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("secret", Assert.Single(site.Log.All), StringComparison.Ordinal);
    }

    private static DelegateTool Steps() => new("steps", static async call =>
    {
        for (var i = 1; i <= 5; i++)
        {
            await call.ReportProgressAsync(i, 5);
        }

        call.ReturnText("done");
    });

    private static DelegateTool Waiting(TaskCompletionSource started, TaskCompletionSource cancelled, TaskCompletionSource release) => new("wait", async call =>
    {
        started.SetResult();
        try
        {
            await release.Task.WaitAsync(call.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            cancelled.SetResult();
            throw;
        }
    });

    private static bool IsAlive(McpCall call)
    {
        try
        {
            return call.WantsProgress;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
