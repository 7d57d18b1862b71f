using System.Net;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Security;

/// <summary>Who may call: the names by which the endpoint is called, and the pages that call it.</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:1234", true)]
    [InlineData("127.9.8.7", true)]
    [InlineData("localhost", true)]
    [InlineData("LocalHost:80", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example:80", false)]
    [InlineData("127.evil", false)]
    [InlineData("[::2]:80", false)]
    [InlineData("10.0.0.1", false)]
    public async Task OnLoopbackOnlyLoopbackNamesMayBeUsed(string host, bool allowed)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Host", host)));

        await AssertAsync(response, allowed);
    }

    [Theory]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://localhost:5173", true)]
    [InlineData("https://LOCALHOST", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://evil.example:127", false)]
    [InlineData("null", false)]
    [InlineData("garbage", false)]
    [InlineData("file:///etc/passwd", false)]
    public async Task OnLoopbackOnlyPagesOfLoopbackMayCall(string origin, bool allowed)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Origin", origin)));

        await AssertAsync(response, allowed);
    }

    [Fact]
    public async Task TheGuardComesFirst()
    {
        await using var site = await TestSite.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await site.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("mcp.example", null, true)]
    [InlineData("MCP.example:443", null, true)]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("other.example", null, false)]
    [InlineData("mcp.example", "https://app.example", true)]
    [InlineData("mcp.example", "https://APP.example/", true)]
    [InlineData("mcp.example", "http://app.example", false)]
    [InlineData("mcp.example", "https://app.example:444", false)]
    [InlineData("mcp.example", "https://app.example.evil.example", false)]
    public async Task ListsAllowMore(string host, string? origin, bool allowed)
    {
        await using var site = await TestSite.StartAsync(HttpFrontOptions.Default with { AllowedHosts = ["mcp.example"], AllowedOrigins = ["https://app.example"] });

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Host", host), ("Origin", origin)));

        await AssertAsync(response, allowed);
    }

    [Fact]
    public async Task AStarAllowsEveryPage()
    {
        await using var site = await TestSite.StartAsync(HttpFrontOptions.Default with { AllowedOrigins = ["*"] });

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Origin", "https://any.example")));

        await AssertAsync(response, allowed: true);
    }

    [Theory]
    [InlineData("[::1]", null, true)]
    [InlineData("localhost", "http://[::1]", true)]
    [InlineData("evil.example", null, false)]
    public async Task TheSameHoldsOnIpv6(string host, string? origin, bool allowed)
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "This machine has no IPv6.");
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(new DelegateTool("echo", static call => call.ReturnText(call.RawArguments.Span))).Build();
        await using var site = await TestSite.StartAsync(app => AspNetCore.Hosting.PeregrineEndpointRouteBuilderExtensions.MapPeregrine(app, "/mcp", server), url: "http://[::1]:0");

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Host", host), ("Origin", origin)));

        await AssertAsync(response, allowed);
    }

    private static async Task AssertAsync(HttpResponseMessage response, bool allowed)
    {
        if (allowed)
        {
            Assert.Equal("{}", (await response.JsonAsync()).Text());
        }
        else
        {
            var refused = await response.JsonAsync(HttpStatusCode.Forbidden);
            Assert.Equal(-32600, refused.Code());
            Assert.False(refused.TryGetProperty("id", out _));
        }
    }
}
