using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Legacy;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.AspNetCore.Tests.Sessions;
using Peregrine.Testing;

namespace Peregrine.Server.AspNetCore.Tests.Hosting;

/// <summary>What a call knows of its surroundings, on every transport.</summary>
public sealed class CallContextTests
{
    [Fact]
    public async Task OverHttpInTheStatelessEra()
    {
        await using var site = await StartAsync();
        const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"probe","version":"3","title":"A probe"} }""";

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "context", TestSite.Call("context", meta: Meta)));

        Assert.Equal("context|ada|ada|probe 3|A probe||/mcp", (await response.JsonAsync()).Text());
    }

    [Fact]
    public async Task OverHttpInASession()
    {
        await using var site = await StartAsync();
        var session = await TestSession.OpenAsync(site);

        Assert.Equal($"context|ada|ada|t 1||{session.Id}|/mcp", (await session.CallAsync("context")).Text());
    }

    [Fact]
    public async Task InABatch()
    {
        await using var site = await StartAsync();
        var session = await TestSession.OpenAsync(site, "2025-03-26");

        using var response = await session.PostAsync($"[{TestSite.SessionCall("context", id: "1")}]");

        using var replies = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal($"context|ada|ada|t 1||{session.Id}|/mcp", Assert.Single(replies.RootElement.EnumerateArray()).Text());
    }

    [Fact]
    public async Task OverHttpWithEventStream()
    {
        await using var site = await StartAsync();
        using var client = await LegacyClient.OpenAsync(site);
        await client.AskAsync(TestSession.Initialize("2024-11-05"));

        Assert.Equal("context|ada|ada|t 1|||/sse", (await client.AskAsync(TestSite.SessionCall("context"))).Text());
    }

    [Fact]
    public async Task InMemory()
    {
        await using var app = await McpTest.StartAsync(static server => server.AddTool(Context()));

        var context = await app.CallTextAsync("context");

        Assert.StartsWith("context|||peregrine-client ", context, StringComparison.Ordinal);
        Assert.EndsWith("|||", context, StringComparison.Ordinal);
    }

    private static DelegateTool Context() => new("context", static call => call.ReturnText(string.Join('|', call.Name, call.Principal, call.User?.FindFirst("sub")?.Value,
        call.ClientInfo, call.ClientInfo?.Title, call.SessionId, call.HttpContext()?.Request.Path.Value)));

    // The host tells its callers apart.
    private static Task<TestSite> StartAsync() => TestSite.StartAsync(static endpoints =>
    {
        var app = (WebApplication)endpoints;
        app.Use(static (context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "ada")], "test"));
            return next(context);
        });
        app.UseRouting();
        var server = PeregrineServer.CreateBuilder("test", "1").AddTool(Context()).Build();
        app.MapPeregrine("/mcp", server);
        app.MapPeregrineSse("/sse", server);
    });
}
