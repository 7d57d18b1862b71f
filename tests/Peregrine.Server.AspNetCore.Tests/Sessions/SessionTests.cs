using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Peregrine.Server.AspNetCore.Draining;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>How sessions open, are used and end.</summary>
public sealed class SessionTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task InitializeOpensOneAndLaterRequestsRunInIt(string version)
    {
        string? seen = null;
        await using var site = await SessionSite.StartAsync(new DelegateTool("look", call =>
        {
            seen = $"{call.Exchange.Session?.Id} {call.ProtocolVersion} {call.Exchange.Client.Sampling}";
            call.ReturnNothing();
        }));

        var session = await site.OpenAsync(version, """{"sampling":{}}""");
        await session.CallAsync("look");

        Assert.Equal($"{session.Id} V{version.Replace('-', '_')} True", seen);
        Assert.Matches("^[!-~]{22,}$", session.Id);
        Assert.NotEqual(session.Id, (await site.OpenAsync(version)).Id);
        Assert.Equal(2, site.Sessions.Count);
    }

    [Fact]
    public async Task NamesOfHalfACharacterAreNobodys()
    {
        await using var site = await SessionSite.StartAsync();

        using var response = await site.Site.Client.SendAsync(TestSite.Post("""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"\ud800clientInfo":1,"protocolVersion":"2025-11-25","capabilities":{"\ud800sampling":{}},"clientInfo":{"\ud800version":1,"name":"\ud800"}}}
            """));

        Assert.Equal("2025-11-25", (await response.JsonAsync()).GetProperty("result").GetProperty("protocolVersion").GetString());
        Assert.Equal(1, site.Sessions.Count);
    }

    [Fact]
    public async Task WithoutTheVersionHeaderTheSessionsVersionHolds()
    {
        await using var site = await SessionSite.StartAsync(new DelegateTool("look", static call => call.ReturnText(call.ProtocolVersion.ToString())));
        var session = await site.OpenAsync("2025-11-25");

        using var response = await site.Site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("look"), ("Mcp-Session-Id", session.Id)));

        Assert.Equal("V2025_11_25", (await response.JsonAsync()).Text());
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    public async Task AnotherVersionIsABadRequest(string version)
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-11-25");

        using var response = await site.Site.Client.SendAsync(TestSite.Post(Ping, ("Mcp-Session-Id", session.Id), ("MCP-Protocol-Version", version)));

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
        Assert.Equal("{}", (await session.CallAsync("echo")).Text());
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../../etc/passwd")]
    public async Task AForgedIdIsNotFound(string id)
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { Store = new InMemorySessionStore() } });
        await site.OpenAsync();
        foreach (var body in new[] { Ping, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", """{"jsonrpc":"2.0","id":1,"result":{}}""" })
        {
            using var response = await site.Site.Client.SendAsync(TestSite.Post(body, ("Mcp-Session-Id", id)));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        var forged = new TestSession(site.Site, id, "2025-11-25");
        using var stream = await forged.GetAsync();
        Assert.Equal(HttpStatusCode.NotFound, stream.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await forged.DeleteAsync());
        Assert.Equal(1, site.Sessions.Count);
    }

    [Fact]
    public async Task DeleteEndsIt()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync();
        var other = await site.OpenAsync();

        Assert.Equal(HttpStatusCode.NoContent, await session.DeleteAsync());

        Assert.Equal(HttpStatusCode.NotFound, await session.DeleteAsync());
        using var response = await session.PostAsync(Ping);
        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.NotFound)).Code());
        Assert.Equal("{}", (await other.CallAsync("echo")).Text());
        Assert.Equal(1, site.Sessions.Count);
    }

    [Fact]
    public async Task DeleteCancelsCallsInFlight()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await SessionSite.StartAsync(Waiting(started, cancelled));
        var session = await site.OpenAsync();
        var calling = session.PostAsync(TestSite.SessionCall("wait"));
        await started.Task.WaitAsync(TestSite.Patience);

        Assert.Equal(HttpStatusCode.NoContent, await session.DeleteAsync());

        await cancelled.Task.WaitAsync(TestSite.Patience);
        using var response = await calling;
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Empty(site.Site.Log.All);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("\"a\"", true)]
    [InlineData("2", false)]
    public async Task ANotificationCancelsTheCallWithItsId(string id, bool streaming)
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await SessionSite.StartAsync(Waiting(started, cancelled, streaming));
        var session = await site.OpenAsync();
        var stranger = await site.OpenAsync();
        var calling = session.PostAsync(TestSite.SessionCall("wait", "{}", """{"progressToken":1}""", id));
        await started.Task.WaitAsync(TestSite.Patience);
        var cancel = $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}} }""";

        // Another session's client, and one of no session, can do nothing.
        using var foreign = await stranger.PostAsync(cancel);
        using var outside = await site.Site.Client.SendAsync(TestSite.Post(cancel));
        Assert.False(cancelled.Task.IsCompleted);
        using var accepted = await session.PostAsync(cancel);

        Assert.All([foreign, outside, accepted], static response => Assert.Equal(HttpStatusCode.Accepted, response.StatusCode));
        await cancelled.Task.WaitAsync(TestSite.Patience);
        using var response = await calling;
        Assert.DoesNotContain("result", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("{}", (await session.CallAsync("echo")).Text());
    }

    [Fact]
    public async Task AnAnswerOfTheClientReachesWhoAsked()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync();
        var other = await site.OpenAsync();
        var id = site.EndOf(session).Requests.Begin(out var answer);

        using var foreign = await other.PostAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"wrong":true} }""");
        using var malformed = await session.PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":{} """);
        Assert.False(answer.IsCompleted);
        using var response = await session.PostAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"right":true} }""");
        using var again = await session.PostAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"late":true} }""");

        Assert.Equal("""{"right":true}""", System.Text.Encoding.UTF8.GetString((await answer.WaitAsync(TestSite.Patience)).Content.Span));
        Assert.Equal([202, 400, 202, 202], new[] { foreign, malformed, response, again }.Select(static one => (int)one.StatusCode));
    }

    [Fact]
    public async Task OnlyTheCallerWhoOpenedItMayUseIt()
    {
        var front = new HttpFront(PeregrineServer.CreateBuilder("t", "1").Build(), HttpFrontOptions.Default, new ServerDrain(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await using var site = await TestSite.StartAsync(app => app.Map("/mcp", context =>
        {
            if (context.Request.Headers["X-User"] is { Count: > 0 } user)
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user.ToString())], "test"));
            }

            return front.HandleAsync(context);
        }));
        using var opened = await site.Client.SendAsync(TestSite.Post(TestSession.Initialize("2025-11-25"), ("X-User", "ann")));
        var id = Assert.Single(opened.Headers.GetValues("Mcp-Session-Id"));

        async Task<HttpStatusCode> PingAs(string? user)
        {
            using var response = await site.Client.SendAsync(TestSite.Post(Ping, ("Mcp-Session-Id", id), ("X-User", user)));
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotFound, await PingAs("bob"));
        Assert.Equal(HttpStatusCode.NotFound, await PingAs(null));
        Assert.Equal(HttpStatusCode.OK, await PingAs("ann"));
        front.Stop();
    }

    [Fact]
    public async Task TooManyAreRefusedUntilOneEnds()
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxSessions = 2 } });
        var first = await site.OpenAsync();
        await site.OpenAsync();

        using var refused = await site.Site.Client.SendAsync(TestSite.Post(TestSession.Initialize("2025-11-25")));

        Assert.Equal(4001, (await refused.JsonAsync(HttpStatusCode.ServiceUnavailable)).Code());
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.False(refused.Headers.Contains("Mcp-Session-Id"));
        await first.DeleteAsync();
        await site.OpenAsync();
        Assert.Equal(2, site.Sessions.Count);
    }

    [Fact]
    public async Task TooManyAtOnceAreRefusedForASecond()
    {
        var time = new ManualTime();
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default with { MaxOpeningsPerSecond = 3 }, time);
        for (var i = 0; i < 3; i++)
        {
            await site.OpenAsync();
        }

        using var refused = await site.Site.Client.SendAsync(TestSite.Post(TestSession.Initialize("2025-11-25")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        time.Advance(TimeSpan.FromSeconds(1));
        await site.OpenAsync();
    }

    [Fact]
    public async Task TooManyCallsInFlightAreRefused()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxCallsInFlight = 1 } }, Waiting(started, cancelled));
        var session = await site.OpenAsync();
        var calling = session.PostAsync(TestSite.SessionCall("wait"));
        await started.Task.WaitAsync(TestSite.Patience);

        using var refused = await session.PostAsync(Ping);

        Assert.Equal(4001, (await refused.JsonAsync(HttpStatusCode.TooManyRequests)).Code());
        await session.DeleteAsync();
        (await calling).Dispose();
    }

    [Fact]
    public async Task ARefusedInitializeOpensNone()
    {
        await using var site = await SessionSite.StartAsync();

        using var response = await site.Site.Client.SendAsync(TestSite.Post("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, site.Sessions.Count);
    }

    [Fact]
    public async Task SwitchedOffTheyAreAsBefore()
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { Enabled = false } });

        using var opened = await site.Site.Client.SendAsync(TestSite.Post(TestSession.Initialize("2025-11-25")));
        using var response = await site.Site.Client.SendAsync(TestSite.Post(Ping, ("Mcp-Session-Id", "x")));

        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.False(opened.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public void OptionsGiveAllTheirFaultsAtOnce()
    {
        var options = HttpFrontOptions.Default with
        {
            MaxBatchMessages = 0,
            Sessions = new HttpSessionOptions { MaxSessions = 0, IdleTime = TimeSpan.Zero, MaxAge = TimeSpan.Zero - TimeSpan.FromDays(1), KeepAlive = TimeSpan.Zero, MaxKeptBytes = 1 },
        };

        Assert.Equal(6, options.Validate().Count);
        Assert.Empty(HttpFrontOptions.Default.Validate());
    }

    private static DelegateTool Waiting(TaskCompletionSource started, TaskCompletionSource cancelled, bool streaming = false) => new("wait", async call =>
    {
        if (streaming)
        {
            await call.ReportProgressAsync(1);
        }

        started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            cancelled.SetResult();
            throw;
        }
    });
}
