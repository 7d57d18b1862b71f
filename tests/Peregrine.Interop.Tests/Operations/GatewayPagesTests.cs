using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peregrine.Interop.Tests.Counterparts;

namespace Peregrine.Interop.Tests.Operations;

[Collection(TwoServersCollection.Name)]
public sealed partial class GatewayPagesTests(TwoServersGateway servers)
{
    [Fact]
    public async Task The_page_is_html_that_needs_nothing_from_elsewhere()
    {
        var (status, body, response) = await servers.Gateway.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<!doctype html>", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(ExternalReference(), body);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    public async Task Health_names_every_server(string path)
    {
        var (status, body, _) = await servers.Gateway.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, status);
        var health = JsonNode.Parse(body)!;
        Assert.Equal("ready", (string)health["status"]!);
        Assert.Equal(["everything", "official"], health["upstreams"]!.AsArray().Select(static upstream => (string)upstream!["name"]!));
        Assert.All(health["upstreams"]!.AsArray(), static upstream => Assert.Equal("ready", (string)upstream!["state"]!));
    }

    [Fact]
    public async Task Liveness_does_not_depend_on_servers()
    {
        var (status, body, _) = await servers.Gateway.GetAsync("/health/live");
        Assert.Equal((HttpStatusCode.OK, "{\"status\":\"live\"}"), (status, body));
    }

    [Fact]
    public async Task Status_and_metrics_count_calls_and_failures_of_each_server()
    {
        var before = await servers.Gateway.UpstreamAsync("official");
        await servers.Gateway.CallAsync("official_echo", "{\"message\":\"x\"}");
        var after = await servers.Gateway.UpstreamAsync("official");
        Assert.Equal((long)before["calls"]! + 1, (long)after["calls"]!);
        Assert.Equal(("http", "2026-07-28", 3), ((string)after["transport"]!, (string)after["version"]!, (int)after["tools"]!));

        var everything = await servers.Gateway.UpstreamAsync("everything");
        Assert.Equal(("stdio", "session", 0), ((string)everything["transport"]!, (string)everything["era"]!, (int)everything["restarts"]!));

        var (status, metrics, response) = await servers.Gateway.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        var total = metrics.Split('\n').Where(static line => line.StartsWith("mcp_requests_total{", StringComparison.Ordinal) && line.Contains("\"official\"", StringComparison.Ordinal)
            && line.Contains("tools/call", StringComparison.Ordinal)).Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((double)after["calls"]!, total);
        Assert.All(
            ["mcp_request_duration_seconds_bucket", "mcp_active_connections", "mcp_memory_usage_bytes", "mcp_cpu_usage_percent"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
    }

    // What a browser would fetch from another host. Namespaces of SVG are names, not places.
    [GeneratedRegex("""(src|href|action)\s*=\s*["']?(https?:)?//|url\(\s*["']?(https?:)?//|@import|fetch\(\s*["'`](https?:)?//""", RegexOptions.IgnoreCase)]
    private static partial Regex ExternalReference();
}
