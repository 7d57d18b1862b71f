using System.Net;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>What a client had subscribed to holds after the process was killed, where sessions are kept.</summary>
public sealed class RestartSubscriptionTests
{
    private readonly InMemorySessionStore _store = new();

    [Fact]
    public async Task TheClientIsToldOfWhatItHadSubscribedToAndOfLists()
    {
        TestSession session;
        var (first, _) = await StartAsync();
        await using (first)
        {
            session = await TestSession.OpenAsync(first);
            await PostAsync(session, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", HttpStatusCode.Accepted);
            await PostAsync(session, Subscribe("subscribe", "test://kept"), HttpStatusCode.OK);
            await PostAsync(session, Subscribe("subscribe", "test://taken-back"), HttpStatusCode.OK);
            await PostAsync(session, Subscribe("unsubscribe", "test://taken-back"), HttpStatusCode.OK);
        }

        var (second, server) = await StartAsync();
        await using (second)
        {
            using var stream = await OpenStreamAsync(session.At(second));

            server.NotifyResourceUpdated("test://taken-back");
            server.NotifyResourceUpdated("test://kept");
            Assert.Equal("test://kept", (await stream.MessageAsync()).GetProperty("params").GetProperty("uri").GetString());
            server.NotifyToolsChanged();
            Assert.Equal("notifications/tools/list_changed", (await stream.MessageAsync()).GetProperty("method").GetString());
        }
    }

    [Fact]
    public async Task AClientThatWasNotReadyIsToldNothingYet()
    {
        TestSession session;
        var (first, _) = await StartAsync();
        await using (first)
        {
            session = await TestSession.OpenAsync(first);
            await PostAsync(session, Subscribe("subscribe", "test://kept"), HttpStatusCode.OK);
        }

        var (second, server) = await StartAsync();
        await using (second)
        {
            var came = session.At(second);
            using var stream = await OpenStreamAsync(came);
            server.NotifyResourceUpdated("test://kept");
            server.NotifyToolsChanged();
            await PostAsync(came, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", HttpStatusCode.Accepted);
            server.NotifyResourceUpdated("test://kept");

            // The one from before is sent now, and the later one is the same thing.
            Assert.Equal("test://kept", (await stream.MessageAsync()).GetProperty("params").GetProperty("uri").GetString());
        }
    }

    private async Task<(TestSite Site, PeregrineServer Server)> StartAsync()
    {
        var server = PeregrineServer.CreateBuilder("test", "1").AddTool(new DelegateTool("echo", static call => call.ReturnText("x")))
            .Configure(static options => options with { CanSubscribe = static uri => uri.StartsWith("test://", StringComparison.Ordinal) }).Build();
        return (await TestSite.StartAsync(app => app.MapPeregrine("/mcp", server, HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { Store = _store } })), server);
    }

    // A stream of 2025-11-25 begins with an event without a message, for its id.
    private static async Task<TestStream> OpenStreamAsync(TestSession session)
    {
        var stream = await session.ReadAsync();
        Assert.Equal("", (await stream.NextAsync()).Data);
        return stream;
    }

    private static string Subscribe(string what, string uri) => $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/{{{what}}}","params":{"uri":"{{{uri}}}"}}""";

    private static async Task PostAsync(TestSession session, string body, HttpStatusCode status)
    {
        using var response = await session.PostAsync(body);
        Assert.True(status == response.StatusCode, await response.Content.ReadAsStringAsync());
        Assert.DoesNotContain("error", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
