using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;
using Peregrine.Server.Hosting;

namespace Peregrine.Server.AspNetCore.Tests.Batches;

/// <summary>Batches of 2025-03-26 over HTTP.</summary>
public sealed class BatchTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":"ping","method":"ping"}""";
    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    [Theory]
    [InlineData(null, false)]
    [InlineData("2025-03-26", false)]
    [InlineData("2025-03-26", true)]
    [InlineData("2024-11-05", true)]
    public async Task AnswersComeInOneArray(string? version, bool inSession)
    {
        await using var site = await SessionSite.StartAsync();
        var body = $"[{TestSite.SessionCall("echo", """{"a":1}""")},{Initialized},{Ping}]";
        using var request = inSession ? (await site.OpenAsync(version!)).Request(body) : TestSite.Post(body, ("MCP-Protocol-Version", version));

        using var response = await site.Site.Client.SendAsync(request);
        var answers = (await response.JsonAsync()).EnumerateArray().ToList();

        Assert.Equal(2, answers.Count);
        Assert.Equal("""{"a":1}""", answers.Single(static answer => answer.GetProperty("id").ValueKind == JsonValueKind.Number).Text());
        Assert.Contains(answers, static answer => answer.GetProperty("id").ToString() == "ping");
    }

    [Fact]
    public async Task RequestsRunAtTheSameTimeEvenWhereTheyBlock()
    {
        using var barrier = new Barrier(2);
        await using var site = await SessionSite.StartAsync(new DelegateTool("meet", call => call.ReturnText(barrier.SignalAndWait(TestSite.Patience) ? "met" : "alone")));

        using var response = await site.Site.Client.SendAsync(TestSite.Post($"[{TestSite.SessionCall("meet", id: "1")},{TestSite.SessionCall("meet", id: "2")}]"));

        Assert.All((await response.JsonAsync()).EnumerateArray(), static answer => Assert.Equal("met", answer.Text()));
    }

    [Fact]
    public async Task OnceOneSendsANotificationAllAnswersAreEvents()
    {
        await using var site = await SessionSite.StartAsync(new DelegateTool("steps", static async call =>
        {
            await call.ReportProgressAsync(1);
            call.ReturnText("done");
        }));
        var steps = TestSite.SessionCall("steps", "{}", """{"progressToken":"t"}""");

        using var response = await site.Site.Client.SendAsync(TestSite.Post($"[{Ping},{steps},{Ping.Replace("ping\",\"m", "ping2\",\"m", StringComparison.Ordinal)},7]"));
        var events = await response.EventsAsync();

        Assert.Equal(5, events.Count);
        Assert.Single(events, static message => message.TryGetProperty("method", out _));
        Assert.Equal(3, events.Count(static message => message.TryGetProperty("result", out _)));
        Assert.Single(events, static message => message.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task AServiceThatFailsAtItsEndHoldsNobodyUp()
    {
        await using var site = await TestSite.StartAsync(
            static app => app.MapPeregrine("/mcp"),
            static services => services.AddScoped<Spoilt>().AddPeregrine("test-server", "1.2.3")
                .Configure(static server => server.AddTool(new DelegateTool("take", static call => call.ReturnText(call.Services!.GetRequiredService<Spoilt>().ToString())))));
        using var response = await site.Client.SendAsync(TestSite.Post($"[{TestSite.SessionCall("take", id: "1")},{TestSite.SessionCall("take", id: "2")}]")).WaitAsync(TestSite.Patience);
        Assert.All((await response.JsonAsync()).EnumerateArray(), static answer => Assert.Equal("spoilt", answer.Text()));
    }

    [Fact]
    public async Task AClientThatReadsOnlyEventsGetsEvents()
    {
        await using var site = await SessionSite.StartAsync();

        using var response = await site.Site.Client.SendAsync(TestSite.Post($"[{Ping},{TestSite.SessionCall("echo")}]", ("Accept", "text/event-stream")));

        Assert.Equal(2, (await response.EventsAsync()).Count);
    }

    [Fact]
    public async Task NotificationsAndAnswersAloneAreAccepted()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-03-26");
        var id = site.EndOf(session).Requests.Begin(out var answer);

        using var response = await session.PostAsync($$$"""[{{{Initialized}}},{"jsonrpc":"2.0","id":{{{id}}},"result":{"x":1} }]""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False((await answer.WaitAsync(TestSite.Patience)).IsError);
    }

    [Fact]
    public async Task WhatIsWrongInItIsAnsweredInIt()
    {
        await using var site = await SessionSite.StartAsync();

        using var response = await site.Site.Client.SendAsync(TestSite.Post(
            $$"""[1,{},{{TestSession.Initialize("2025-03-26")}},{{TestSite.Call("echo")}},{"jsonrpc":"2.0","id":6,"method":"no/such"},[],{{Ping}}]"""));
        var answers = (await response.JsonAsync()).EnumerateArray().ToList();

        Assert.Equal(7, answers.Count);
        Assert.Equal([-32601, -32600, -32600, -32600, -32600, -32600], answers.Where(static answer => answer.TryGetProperty("error", out _)).Select(static answer => answer.Code()).Order());
        Assert.Equal(0, site.Sessions.Count);
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("[1,2,3]", null)]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "2025-06-18")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "2025-11-25")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "2026-07-28")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "v999")]
    public async Task ARefusedOneIsABadRequest(string body, string? version)
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { MaxBatchMessages = 2 });

        using var response = await site.Site.Client.SendAsync(TestSite.Post(body, ("MCP-Protocol-Version", version)));

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Fact]
    public async Task ASessionOfALaterRevisionTakesNone()
    {
        await using var site = await SessionSite.StartAsync();
        var session = await site.OpenAsync("2025-06-18");

        using var response = await site.Site.Client.SendAsync(TestSite.Post($"[{Ping}]", ("Mcp-Session-Id", session.Id)));
        using var unknown = await site.Site.Client.SendAsync(TestSite.Post($"[{Ping}]", ("Mcp-Session-Id", "unknown")));

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task ItsBytesAreBoundedAsAWhole()
    {
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { MaxMessageBytes = 1024 });
        var call = TestSite.SessionCall("echo", $$"""{"x":"{{new string('x', 600)}}"}""");

        using var response = await site.Site.Client.SendAsync(TestSite.Post($"[{call},{call}]"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task ACallOfABatchCanBeCancelled()
    {
        var started = new TaskCompletionSource();
        await using var site = await SessionSite.StartAsync(new DelegateTool("wait", async call =>
        {
            var token = call.CancellationToken;
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }));
        var session = await site.OpenAsync("2025-03-26");
        var calling = session.PostAsync($"[{TestSite.SessionCall("wait")},{Ping}]");
        await started.Task.WaitAsync(TestSite.Patience);

        using var cancelled = await session.PostAsync("""[{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}]""");
        using var response = await calling;

        Assert.Equal("ping", Assert.Single((await response.JsonAsync()).EnumerateArray()).GetProperty("id").GetString());
    }

    private sealed class Spoilt : IAsyncDisposable
    {
        public override string ToString() => "spoilt";

        public ValueTask DisposeAsync() => throw new InvalidOperationException("It cannot end.");
    }
}
