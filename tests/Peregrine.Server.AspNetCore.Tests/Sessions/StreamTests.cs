using System.Globalization;
using System.Net;
using System.Text;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>Streams that clients open with GET.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData("2025-03-26", false)]
    [InlineData("2025-06-18", false)]
    [InlineData("2025-11-25", true)]
    public async Task MessagesOfTheServerArriveInOrder(string version, bool priming)
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync(version);
        Assert.True(Send(site, session, 1));
        using var stream = await session.ReadAsync();
        Assert.True(Send(site, session, 2));

        if (priming)
        {
            var first = await stream.NextAsync();
            Assert.Equal("", first.Data);
            Assert.EndsWith("-0", first.Id, StringComparison.Ordinal);
        }

        Assert.Equal(1, Number(await stream.NextAsync()));
        Assert.Equal(2, Number(await stream.NextAsync()));
        Assert.True(Send(site, session, 3));
        Assert.Equal(3, Number(await stream.NextAsync()));
    }

    [Fact]
    public async Task WhileNobodyReadsSixtyFourMessagesWaitAndNoneIsLost()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        for (var i = 1; i <= 64; i++)
        {
            Assert.True(Send(site, session, i));
        }

        Assert.False(Send(site, session, 65));
        using var stream = await session.ReadAsync();

        for (var i = 1; i <= 64; i++)
        {
            Assert.Equal(i, Number(await stream.NextAsync()));
        }

        Assert.True(Send(site, session, 66));
        Assert.Equal(66, Number(await stream.NextAsync()));
    }

    [Theory]
    [InlineData("2024-11-05", false)]
    [InlineData("2025-06-18", true)]
    public async Task WhatWasSentIsKeptWhereItCanBeAskedForAgain(string version, bool kept)
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync(version);
        using var stream = await session.ReadAsync();
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(Send(site, session, i));
            Assert.Equal(i, Number(await stream.NextAsync()));
        }

        Assert.Equal(kept, site.Sessions.Kept.Taken > 0);
    }

    [Fact]
    public async Task TheBytesThatWaitAreBoundedToo()
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with
        {
            Sessions = HttpSessionOptions.Default with { MaxQueuedBytes = 4096, MaxKeptBytes = 64 * 1024 },
        });
        var end = site.EndOf(await site.OpenAsync());
        var message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"x","params":{"pad":"{{new string('x', 1900)}}"} }""");
        Assert.True(end.TrySend(message));

        Assert.True(end.TrySend(message));
        Assert.False(end.TrySend(message));

        // All together as well.
        for (var i = 0; i < 100; i++)
        {
            site.EndOf(await site.OpenAsync()).TrySend(message);
        }

        Assert.InRange(site.Sessions.Kept.Taken, 60_000, 64 * 1024);
    }

    [Fact]
    public async Task OfTwoStreamsExactlyOneGetsAMessage()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        using var first = await session.ReadAsync();
        using (var second = await session.ReadAsync())
        {
            Assert.True(Send(site, session, 1));
            Assert.Equal(1, Number(await second.NextAsync()));
        }

        // The one that is left takes over; nothing of what the other had comes again.
        await Waiting.UntilAsync(() => site.Sessions.OpenConnections == 1);
        Assert.True(Send(site, session, 2));
        Assert.Equal(2, Number(await first.NextAsync()));
    }

    [Fact]
    public async Task TooManyStreamsAreRefused()
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxStreams = 2 } });
        var session = await site.OpenAsync();
        using var first = await session.ReadAsync();
        using (await session.ReadAsync())
        {
            using var refused = await session.GetAsync();
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        }

        await Waiting.UntilAsync(() => site.Sessions.OpenConnections == 1);
        using var third = await session.ReadAsync();
    }

    [Fact]
    public async Task DeleteClosesStreams()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        using var stream = await session.ReadAsync();

        await session.DeleteAsync();

        await stream.AssertEndAsync();
        await Waiting.UntilAsync(() => site.Sessions.OpenConnections == 0);
    }

    [Fact]
    public async Task TheEndOfTheProcessClosesStreamsAndSaysWhenToComeBack()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-11-25");
        using var stream = await session.ReadAsync();
        Assert.Equal("", (await stream.NextAsync()).Data);

        site.Front.Stop();

        Assert.Equal("1000", (await stream.NextAsync()).Retry);
        await stream.AssertEndAsync();
    }

    [Fact]
    public async Task AQuietStreamIsKeptAlive()
    {
        var time = new ManualTime();
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default, time);
        var session = await site.OpenAsync("2025-06-18");
        using var stream = await session.ReadAsync();
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            Assert.True((await stream.NextAsync()).IsComment);
        }

        Assert.True(Send(site, session, 1));
        Assert.Equal(1, Number(await stream.NextAsync()));
    }

    [Fact]
    public async Task AQuietCallIsKeptAliveUntilItsStreamIsElsewhere()
    {
        var time = new ManualTime();
        var release = new TaskCompletionSource();
        await using var site = await SessionSite.StartAsync(HttpSessionOptions.Default, time, new DelegateTool("quiet", async call =>
        {
            await call.ReportProgressAsync(1);
            await release.Task;
            call.ReturnText("done");
        }));
        var session = await site.OpenAsync("2025-06-18");
        using var stream = await session.StreamAsync("quiet");
        var id = (await stream.NextAsync()).Id;
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            Assert.True((await stream.NextAsync()).IsComment);
        }

        using var elsewhere = await session.ReadAsync(id);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.True((await elsewhere.NextAsync()).IsComment);
        release.SetResult();
        Assert.Equal("done", (await elsewhere.MessageAsync()).Text());
        await stream.AssertEndAsync();
        await elsewhere.AssertEndAsync();
        await Waiting.UntilAsync(() => site.Sessions.StreamingCalls == 0);
    }

    // Answers that are streams only because the client reads nothing else.
    [Fact]
    public async Task AClientThatReadsOnlyEventsLeavesNothingBehind()
    {
        await using var site = await SessionSite.StartAsync();
        using var opened = await site.Site.Client.SendAsync(TestSite.Post(TestSession.Initialize("2025-11-25"), ("Accept", "text/event-stream")));
        var id = Assert.Single(opened.Headers.GetValues("Mcp-Session-Id"));
        foreach (var body in new[] { TestSite.SessionCall("echo"), TestSite.SessionCall("none"), """{"jsonrpc":"2.0","id":1,"method":"no/such"}""" })
        {
            using var response = await site.Site.Client.SendAsync(TestSite.Post(body, ("Accept", "text/event-stream"), ("Mcp-Session-Id", id)));
            Assert.Contains("\ndata: {", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await Waiting.UntilAsync(() => site.Sessions.StreamingCalls == 0);
    }

    [Fact]
    public async Task AClientThatVanishesLosesNothingThatWasNotSent()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        using (var raw = await site.Site.ConnectAsync())
        {
            await raw.SendAsync($"GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nMcp-Session-Id: {session.Id}\r\n\r\n");
            await raw.ReceiveAsync(static text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
            raw.Reset();
        }

        await Waiting.UntilAsync(() => site.Sessions.OpenConnections == 0);
        Assert.True(Send(site, session, 1));
        using var stream = await session.ReadAsync();
        Assert.Equal(1, Number(await stream.NextAsync()));
        Assert.Empty(site.Site.Log.All);
    }

    [Fact]
    public async Task ASlowReaderIsToldNoAndDelaysNobody()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");
        using var raw = await site.Site.ConnectAsync();
        await raw.SendAsync($"GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nMcp-Session-Id: {session.Id}\r\n\r\n");
        await raw.ReceiveAsync(static text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
        var end = site.EndOf(session);
        var message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"x","params":{"pad":"{{new string('x', 30_000)}}"} }""");

        // Until the buffers of both systems are full.
        var taken = 0;
        await Waiting.UntilAsync(() =>
        {
            var took = end.TrySend(message);
            taken += took ? 1 : 0;
            return !took && taken > 20;
        });

        var other = await site.OpenAsync("2025-06-18");
        using var stream = await other.ReadAsync();
        Assert.True(Send(site, other, 1));
        Assert.Equal(1, Number(await stream.NextAsync()));
        Assert.InRange(site.Sessions.Kept.Taken, 1, 1_000_000);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.NotAcceptable)]
    [InlineData("text/event-stream", HttpStatusCode.OK)]
    [InlineData("*/*", HttpStatusCode.OK)]
    public async Task TheClientMustReadEvents(string accept, HttpStatusCode status)
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync();

        using var response = await session.GetAsync(accept: accept);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task TheStatelessEraHasNoStreams()
    {
        await using var site = await SessionSite.StartAsync();
        var session = new TestSession(site.Site, (await site.OpenAsync()).Id, "2026-07-28");

        using var response = await session.GetAsync();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private static bool Send(SessionSite site, TestSession session, int number) =>
        site.EndOf(session).TrySend(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"jsonrpc":"2.0","method":"notifications/x","params":{"number":{{{number}}}} }""")));

    private static int Number(TestEvent next) => next.Message().GetProperty("params").GetProperty("number").GetInt32();
}
