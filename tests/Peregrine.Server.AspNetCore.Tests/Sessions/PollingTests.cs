using Microsoft.AspNetCore.Server.Kestrel.Core;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>Calls that send their client away, and clients that come back for the rest (2025-11-25).</summary>
public sealed class PollingTests
{
    [Theory]
    [InlineData(HttpProtocols.Http1, false)]
    [InlineData(HttpProtocols.Http2, false)]
    [InlineData(HttpProtocols.Http2, true)]
    public async Task ACallMayCloseItsConnectionAndGoOn(HttpProtocols protocols, bool afterAnEvent)
    {
        var closed = new TaskCompletionSource<bool>();
        var release = new TaskCompletionSource();
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default, protocols, Polling(afterAnEvent, closed, release));
        var session = await site.OpenAsync("2025-11-25");
        string? id;
        using (var stream = await session.StreamAsync("poll"))
        {
            var first = await stream.NextAsync();
            Assert.Equal("", first.Data);
            id = afterAnEvent ? (await stream.NextAsync()).Id : first.Id;
            Assert.Equal("300", (await stream.NextAsync()).Retry);
            await stream.AssertEndAsync();
        }

        Assert.True(await closed.Task.WaitAsync(TestSite.Patience));
        using var rest = await session.ReadAsync(id);
        Assert.Equal(2, (await rest.MessageAsync()).GetProperty("params").GetProperty("progress").GetInt32());
        release.SetResult();
        Assert.Equal("done", (await rest.MessageAsync()).Text());
        await rest.AssertEndAsync();
        Assert.Empty(site.Site.Log.All);
    }

    // Over HTTP/1.1 its client would send the next request on the connection that the call still has.
    [Fact]
    public async Task OverHttp11OnlyBeforeItsFirstEvent()
    {
        var closed = new TaskCompletionSource<bool>();
        var release = new TaskCompletionSource();
        release.SetResult();
        await using var site = await SessionSite.StartAsync(Polling(afterAnEvent: true, closed, release));
        var session = await site.OpenAsync("2025-11-25");

        using var stream = await session.StreamAsync("poll");

        Assert.Equal("", (await stream.NextAsync()).Data);
        Assert.Equal(1, (await stream.MessageAsync()).GetProperty("params").GetProperty("progress").GetInt32());
        Assert.Equal(2, (await stream.MessageAsync()).GetProperty("params").GetProperty("progress").GetInt32());
        Assert.Equal("done", (await stream.MessageAsync()).Text());
        Assert.False(await closed.Task);
    }

    [Fact]
    public async Task WhoComesBackAfterTheEndGetsTheResult()
    {
        await using var site = await SessionSite.StartAsync(new DelegateTool("poll", async call =>
        {
            await call.CloseStreamAsync(TimeSpan.Zero);
            call.ReturnText("done");
        }));
        var session = await site.OpenAsync("2025-11-25");
        string id;
        using (var stream = await session.StreamAsync("poll", "{}"))
        {
            id = (await stream.NextAsync()).Id!;
        }

        for (var time = 0; time < 2; time++)
        {
            using var rest = await session.ReadAsync(id);
            Assert.Equal("done", (await rest.MessageAsync()).Text());
            await rest.AssertEndAsync();
        }
    }

    [Theory]
    [InlineData("2025-06-18", true)]
    [InlineData("2025-11-25", false)]
    public async Task WhoCannotComeBackIsNotSentAway(string version, bool inSession)
    {
        var closed = new TaskCompletionSource<bool>();
        await using var site = await SessionSite.StartAsync(new DelegateTool("poll", async call =>
        {
            closed.SetResult(await call.CloseStreamAsync(TimeSpan.Zero));
            call.ReturnText("done");
        }));
        var session = await site.OpenAsync(version);

        using var response = await site.Site.Client.SendAsync(inSession ? session.Request(TestSite.SessionCall("poll")) : TestSite.Post(TestSite.SessionCall("poll"), ("MCP-Protocol-Version", version)));

        Assert.Equal("done", (await response.JsonAsync()).Text());
        Assert.False(await closed.Task);
    }

    // A call that nobody listens to any longer must not fill the memory; its reply is kept whatever it said before.
    [Fact]
    public async Task ATalkativeCallWithoutAReaderIsBounded()
    {
        await using var site = await SessionSite.StartAsync(new DelegateTool("talk", static async call =>
        {
            await call.CloseStreamAsync(TimeSpan.Zero);
            for (var i = 1; i <= 10_000; i++)
            {
                await call.ReportProgressAsync(i, null, new string('m', 1000));
            }

            call.ReturnText("done");
        }));
        var session = await site.OpenAsync("2025-11-25");
        string id;
        using (var stream = await session.StreamAsync("talk"))
        {
            id = (await stream.NextAsync()).Id!;
        }

        using var rest = await session.ReadAsync(id);
        System.Text.Json.JsonElement message;
        var count = 0;
        do
        {
            message = await rest.MessageAsync();
            count++;
        }
        while (!message.TryGetProperty("result", out _));

        Assert.Equal("done", message.Text());
        Assert.InRange(site.Sessions.Kept.Taken, 1, 400 * 1024);
    }

    private static DelegateTool Polling(bool afterAnEvent, TaskCompletionSource<bool> closed, TaskCompletionSource release) => new("poll", async call =>
    {
        if (afterAnEvent)
        {
            await call.ReportProgressAsync(1);
        }

        closed.SetResult(await call.CloseStreamAsync(TimeSpan.FromMilliseconds(300)));
        await call.ReportProgressAsync(2);
        await release.Task;
        call.ReturnText("done");
    });
}
