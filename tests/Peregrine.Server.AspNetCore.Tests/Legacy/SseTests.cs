using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;

namespace Peregrine.Server.AspNetCore.Tests.Legacy;

/// <summary>HTTP+SSE, the transport of 2024-11-05.</summary>
public sealed class SseTests
{
    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-11-25")]
    public async Task AConversation(string version)
    {
        await using var site = await LegacySite.StartAsync(new DelegateTool("steps", static async call =>
        {
            await call.ReportProgressAsync(1);
            call.ReturnText("done");
        }));
        using var client = await site.OpenAsync();
        Assert.StartsWith("/sse?sessionId=", client.Address, StringComparison.Ordinal);

        var opened = await client.AskAsync(TestSession.Initialize(version));
        await client.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        var echoed = await client.AskAsync(TestSite.SessionCall("echo", """{"x":"a\nb"}"""));
        var progress = await client.AskAsync(TestSite.SessionCall("steps", "{}", """{"progressToken":7}""", "2"));
        var done = await client.Stream.MessageAsync();

        Assert.Equal(version, opened.GetProperty("result").GetProperty("protocolVersion").GetString());
        Assert.Equal("""{"x":"a\nb"}""", echoed.Text());
        Assert.Equal(7, progress.GetProperty("params").GetProperty("progressToken").GetInt32());
        Assert.Equal("done", done.Text());
        Assert.Empty(site.Site.Log.All);
    }

    [Fact]
    public async Task ClosingTheStreamEndsTheSessionAndItsCalls()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await LegacySite.StartAsync(new DelegateTool("wait", async call =>
        {
            using var registration = call.CancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
        }));
        string address;
        using (var client = await site.OpenAsync())
        {
            address = client.Address;
            await client.SendAsync(TestSite.SessionCall("wait"));
            await started.Task.WaitAsync(TestSite.Patience);
        }

        await cancelled.Task.WaitAsync(TestSite.Patience);
        await Waiting.UntilAsync(() => site.Front.Count == 0);
        using var response = await site.Site.Client.PostAsync(new Uri(address, UriKind.Relative), new StringContent("{}", null, "application/json"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(site.Site.Log.All);
    }

    [Fact]
    public async Task CallsRunAtTheSameTimeAndCanBeCancelled()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await LegacySite.StartAsync(new DelegateTool("wait", async call =>
        {
            using var registration = call.CancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
        }));
        using var client = await site.OpenAsync();
        await client.AskAsync(TestSession.Initialize("2024-11-05"));
        await client.SendAsync(TestSite.SessionCall("wait", id: "5"));
        await started.Task.WaitAsync(TestSite.Patience);

        Assert.Equal("{}", (await client.AskAsync(TestSite.SessionCall("echo", id: "6"))).Text());
        await client.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}""");

        await cancelled.Task.WaitAsync(TestSite.Patience);
        Assert.Equal(7, (await client.AskAsync(TestSite.SessionCall("echo", id: "7"))).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task ABatchIsAnsweredByOneMessage()
    {
        await using var site = await LegacySite.StartAsync();
        using var client = await site.OpenAsync();
        await client.AskAsync(TestSession.Initialize("2024-11-05"));

        var answers = await client.AskAsync($"[{TestSite.SessionCall("echo", id: "1")},{TestSite.SessionCall("echo", id: "2")}]");

        Assert.Equal(2, answers.GetArrayLength());
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, "application/json", HttpStatusCode.RequestEntityTooLarge)]
    public async Task BadInputIsRefusedAndTheStreamGoesOn(string? body, string type, HttpStatusCode status)
    {
        await using var site = await LegacySite.StartAsync(HttpFrontOptions.Default with { MaxMessageBytes = 4096 });
        using var client = await site.OpenAsync();

        using var refused = await client.PostAsync(body ?? TestSite.SessionCall("echo", $$"""{"x":"{{new string('x', 5000)}}"}"""), type);

        Assert.Equal(status, refused.StatusCode);
        await client.AskAsync(TestSession.Initialize("2024-11-05"));
        Assert.Equal("{}", (await client.AskAsync(TestSite.SessionCall("echo"))).Text());
    }

    [Fact]
    public async Task TheLimitOfTheEndpointCountsAndNotTheHosts()
    {
        await using var site = await LegacySite.StartAsync(HttpFrontOptions.Default with { MaxMessageBytes = 40_000_000 });
        using var client = await site.OpenAsync();

        // Kestrel's own limit is 30,000,000.
        var reply = await client.AskAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"{{{new string('x', 31_000_000)}}}"} }""");

        Assert.Equal("{}", reply.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task ForgedAddressesAndOtherMethodsAreRefused()
    {
        await using var site = await LegacySite.StartAsync();
        using var client = await site.OpenAsync();
        foreach (var address in new[] { "/sse", "/sse?sessionId=", "/sse?sessionId=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
        {
            using var response = await site.Site.Client.PostAsync(new Uri(address, UriKind.Relative), new StringContent("{}", null, "application/json"));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        using var deleted = await site.Site.Client.DeleteAsync(new Uri("/sse", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/sse");
        foreign.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
        using var forbidden = await site.Site.Client.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(1, site.Front.Count);
    }

    [Fact]
    public async Task TooManyClientsAreRefused()
    {
        await using var site = await LegacySite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxSessions = 1 } });
        using (await site.OpenAsync())
        {
            using var refused = await site.Site.Client.GetAsync(new Uri("/sse", UriKind.Relative));
            Assert.Equal(4001, (await refused.JsonAsync(HttpStatusCode.ServiceUnavailable)).Code());
        }

        await Waiting.UntilAsync(() => site.Front.Count == 0);
        using var next = await site.OpenAsync();
    }

    [Fact]
    public async Task AQuietStreamIsKeptAliveAndEndsWithTheProcess()
    {
        var time = new ManualTime();
        await using var site = await LegacySite.StartAsync(HttpFrontOptions.Default with { TimeProvider = time });
        using var client = await site.OpenAsync();

        time.Advance(TimeSpan.FromSeconds(15));
        Assert.True((await client.Stream.NextAsync()).IsComment);

        site.Front.Stop();
        await client.Stream.AssertEndAsync();
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task ItIsMappedBesideTheEndpointByAnOption()
    {
        await using var site = await TestSite.StartAsync(
            static app => app.MapPeregrine("/mcp", HttpFrontOptions.Default with { SsePath = "/old/sse" }),
            static services => services.AddSingleton(PeregrineServer.CreateBuilder("s", "1").AddTool(new DelegateTool("echo", static call => call.ReturnNothing())).Build()));
        using var client = await LegacyClient.OpenAsync(site, "/old/sse");

        Assert.Equal("s", (await client.AskAsync(TestSession.Initialize("2024-11-05"))).GetProperty("result").GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.StartsWith("/old/sse?", client.Address, StringComparison.Ordinal);
    }
}
