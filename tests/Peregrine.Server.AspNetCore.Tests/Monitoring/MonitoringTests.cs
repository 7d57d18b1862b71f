using System.Net;
using Microsoft.AspNetCore.Routing;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Monitoring;

/// <summary>What operators ask a plain server for.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public async Task MetricsCountWhatWasAsked()
    {
        await using var site = await TestSite.StartAsync(Map);
        for (var i = 0; i < 3; i++)
        {
            using var reply = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo")));
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }

        using var unknown = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "absent", TestSite.Call("absent")));
        using var metrics = await site.Client.GetAsync("/metrics");

        var text = await metrics.Content.ReadAsStringAsync();
        Assert.Equal("text/plain", metrics.Content.Headers.ContentType!.MediaType);
        Assert.Contains("mcp_requests_total{method=\"tools/call\",outcome=\"ok\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("mcp_requests_total{method=\"tools/call\",outcome=\"invalid\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("mcp_request_duration_seconds_count{method=\"tools/call\",outcome=\"ok\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("\nmcp_active_connections ", text, StringComparison.Ordinal);
        Assert.Contains("\nmcp_memory_usage_bytes ", text, StringComparison.Ordinal);
        Assert.Contains("\nmcp_cpu_usage_percent ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health", "ready")]
    [InlineData("/health/ready", "ready")]
    [InlineData("/health/live", "live")]
    public async Task AServerThatTakesCallsIsHealthy(string path, string status)
    {
        await using var site = await TestSite.StartAsync(Map);

        Assert.Equal($$"""{"status":"{{status}}"}""", await site.Client.GetStringAsync(path));
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health")]
    public async Task PagesOfOtherOriginsAreKeptAway(string path)
    {
        await using var site = await TestSite.StartAsync(Map);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", "https://evil.example");

        using var reply = await site.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    private static void Map(IEndpointRouteBuilder app)
    {
        var server = PeregrineServer.CreateBuilder("test", "1").AddTool(new DelegateTool("echo", static call => call.ReturnText("x"))).Build();
        app.MapPeregrine("/mcp", server);
        app.MapPeregrineMonitoring(server);
    }
}
