using System.Globalization;
using System.Net;
using System.Text;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Content;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>Clients whose connection broke come back and miss nothing.</summary>
public sealed class ResumptionTests
{
    [Theory]
    [InlineData("2025-03-26", false)]
    [InlineData("2025-06-18", false)]
    [InlineData("2025-11-25", true)]
    public async Task EventsOfACallHaveIdsAndOnlyNewClientsGetPrimed(string version, bool priming)
    {
        await using var site = await SessionSite.StartAsync(Steps());
        var session = await site.OpenAsync(version);
        using var stream = await session.StreamAsync("steps");

        if (priming)
        {
            Assert.Equal("", (await stream.NextAsync()).Data);
        }

        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await stream.NextAsync()).Id!);
        }

        await stream.AssertEndAsync();
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Single(ids.Select(static id => id.Split('-')[0]).Distinct());
        Assert.Equal(["1", "2", "3", "4"], ids.Select(static id => id.Split('-')[1]));
    }

    [Fact]
    public async Task WithoutASessionThereAreNoIds()
    {
        await using var site = await SessionSite.StartAsync(Steps());

        using var response = await site.Site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("steps", "{}", """{"progressToken":1}"""), ("MCP-Protocol-Version", "2025-11-25")));

        Assert.DoesNotContain("id: ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatACallSentIsSentAgain()
    {
        await using var site = await SessionSite.StartAsync(Steps());
        var session = await site.OpenAsync("2025-06-18");
        var all = new List<TestEvent>();
        using (var stream = await session.StreamAsync("steps"))
        {
            while (await stream.TryNextAsync() is { } next)
            {
                all.Add(next);
            }
        }

        for (var seen = 0; seen < all.Count; seen++)
        {
            using var again = await session.ReadAsync(all[seen].Id);
            foreach (var missed in all.Skip(seen + 1))
            {
                Assert.Equal(missed, await again.NextAsync());
            }

            await again.AssertEndAsync();
        }
    }

    [Fact]
    public async Task ACallWhoseConnectionBrokeGoesOnAndItsResultIsFetched()
    {
        var (broken, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await SessionSite.StartAsync(new DelegateTool("long", async call =>
        {
            var token = call.CancellationToken;
            await call.ReportProgressAsync(1);
            await broken.Task;
            await call.ReportProgressAsync(2);
            await release.Task;
            call.ReturnText(token.IsCancellationRequested ? "cancelled" : "done");
        }));
        var session = await site.OpenAsync("2025-11-25");
        string id;
        using (var raw = await site.Site.ConnectAsync())
        {
            var body = TestSite.SessionCall("long", "{}", """{"progressToken":1}""");
            await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2025-11-25", $"Mcp-Session-Id: {session.Id}") + body);
            var text = await raw.ReceiveAsync(static text => text.Contains("\"progress\":1}", StringComparison.Ordinal));
            id = text.Split("id: ")[2].Split('\n')[0];
            raw.Reset();
        }

        broken.SetResult();
        using var stream = await session.ReadAsync(id);
        Assert.Equal(2, (await stream.MessageAsync()).GetProperty("params").GetProperty("progress").GetInt32());
        release.SetResult();
        Assert.Equal("done", (await stream.MessageAsync()).Text());
        await stream.AssertEndAsync();
        Assert.Empty(site.Site.Log.All);
    }

    [Fact]
    public async Task AResultThatIsMadeWhileItIsSentIsFetchedToo()
    {
        var release = new TaskCompletionSource();
        await using var site = await SessionSite.StartAsync(new DelegateTool("long", async call =>
        {
            await call.ReportProgressAsync(1);
            await release.Task;
            await call.ReturnStreamAsync(Blocks());
        }));
        var session = await site.OpenAsync("2025-11-25");
        TestStream stream;
        using (var first = await session.StreamAsync("long"))
        {
            await first.NextAsync();
            stream = await session.ReadAsync((await first.NextAsync()).Id);
        }

        using (stream)
        {
            release.SetResult();
            var content = (await stream.MessageAsync()).GetProperty("result").GetProperty("content");
            Assert.Equal(["one", "two"], content.EnumerateArray().Select(static block => block.GetProperty("text").GetString()));
            await stream.AssertEndAsync();
        }

        Assert.Empty(site.Site.Log.All);
    }

    [Fact]
    public async Task AStreamOfGetGoesOnWhereItBroke()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        string id;
        using (var stream = await session.ReadAsync())
        {
            for (var i = 1; i <= 5; i++)
            {
                Assert.True(Send(site, session, i));
            }

            await stream.NextAsync();
            id = (await stream.NextAsync()).Id!;
        }

        await Waiting.UntilAsync(() => site.Sessions.OpenConnections == 0);
        Assert.True(Send(site, session, 6));
        using var again = await session.ReadAsync(id);
        for (var i = 3; i <= 6; i++)
        {
            Assert.Equal(i, Number(await again.NextAsync()));
        }
    }

    [Fact]
    public async Task ANewConnectionTakesTheStreamFromADeadOne()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        using var old = await session.ReadAsync();
        Assert.True(Send(site, session, 1));
        var id = (await old.NextAsync()).Id;

        using var again = await session.ReadAsync(id);

        await old.AssertEndAsync();
        Assert.True(Send(site, session, 2));
        Assert.Equal(2, Number(await again.NextAsync()));
    }

    [Fact]
    public async Task AnotherSessionsIdShowsNothing()
    {
        await using var site = await SessionSite.StartAsync(Steps());
        var (session, stranger) = (await site.OpenAsync("2025-06-18"), await site.OpenAsync("2025-06-18"));
        using var stream = await session.StreamAsync("steps");
        var id = (await stream.NextAsync()).Id!;
        using var own = await session.ReadAsync();
        Assert.True(Send(site, session, 1));
        var number = (await own.NextAsync()).Id!;

        using var refused = await stranger.GetAsync(id);
        Assert.Equal(-32600, (await refused.JsonAsync(HttpStatusCode.BadRequest)).Code());
        using var anew = await stranger.ReadAsync(number.Split('-')[0] + "-0");

        Assert.True(Send(site, stranger, 2));
        Assert.Equal(2, Number(await anew.NextAsync()));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("c1")]
    [InlineData("c1-")]
    [InlineData("x1-1")]
    [InlineData("c-1-1")]
    [InlineData("c99999999999999999999-1")]
    [InlineData("c1-1")]
    [InlineData("c1-9223372036854775807")]
    public async Task AForgedIdIsABadRequest(string id)
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync();

        using var response = await session.GetAsync(id);

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
        using var stream = await session.ReadAsync();
    }

    [Fact]
    public async Task WhatIsNoLongerKeptIsToldAndNotPassedOver()
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxReplayEvents = 2 } }, Steps());
        var session = await site.OpenAsync("2025-06-18");
        string id;
        using (var stream = await session.StreamAsync("steps"))
        {
            id = (await stream.NextAsync()).Id!;
            while (await stream.TryNextAsync() is not null)
            {
            }
        }

        using var refused = await session.GetAsync(id);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        // A stream of GET begins anew: under another number.
        string first, last;
        using (var stream = await session.ReadAsync())
        {
            Send(site, session, 1);
            first = (await stream.NextAsync()).Id!;
            for (var i = 2; i <= 5; i++)
            {
                Send(site, session, i);
                await stream.NextAsync();
            }
        }

        using var anew = await session.ReadAsync(first);
        Send(site, session, 6);
        last = (await anew.NextAsync()).Id!;
        Assert.NotEqual(first.Split('-')[0], last.Split('-')[0]);
    }

    [Fact]
    public async Task StreamsThatNobodyComesBackForAreLetGo()
    {
        var time = new ManualTime();
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default, time, Steps());
        var session = await site.OpenAsync("2025-06-18");
        string id;
        using (var stream = await session.StreamAsync("steps"))
        {
            id = (await stream.NextAsync()).Id!;
            while (await stream.TryNextAsync() is not null)
            {
            }
        }

        Assert.True(site.Sessions.Kept.Taken > 0);
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(0, site.Sessions.Kept.Taken);
        using var refused = await session.GetAsync(id);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static DelegateTool Steps() => new("steps", static async call =>
    {
        for (var i = 1; i <= 3; i++)
        {
            await call.ReportProgressAsync(i, 3);
        }

        call.ReturnText("done");
    });

    private static bool Send(SessionSite site, TestSession session, int number) =>
        site.EndOf(session).TrySend(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"jsonrpc":"2.0","method":"notifications/x","params":{"number":{{{number}}}} }""")));

    private static int Number(TestEvent next) => next.Message().GetProperty("params").GetProperty("number").GetInt32();

    private static async IAsyncEnumerable<McpContent> Blocks()
    {
        yield return McpContent.Text("one");
        await Task.Yield();
        yield return McpContent.Text("two");
    }
}
