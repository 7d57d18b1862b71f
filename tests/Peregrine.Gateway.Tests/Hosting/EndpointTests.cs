using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Gateway.Hosting;
using Peregrine.Server;
using Peregrine.Server.AspNetCore.Hosting;

namespace Peregrine.Gateway.Tests.Hosting;

public sealed class EndpointTests
{
    [Fact]
    public async Task Health_is_503_until_the_tools_were_gathered()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "silent": { {{RunningGateway.Server("--silent")}} } } }""");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/health/live")).Status);
        var (status, body, _) = await gateway.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("""{"status":"starting","upstreams":[{"name":"silent","state":"starting","tools":0}]}""", body);
    }

    [Fact]
    public async Task Status_and_metrics_count_what_was_called()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }""");
        await gateway.CallTextAsync("pid");
        await gateway.CallTextAsync("pid");
        await gateway.CallTextAsync("tool_error");
        await gateway.SessionAsync("tools/call", """{"name":"fail"}""");

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/health")).Status);
        var status = JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!;
        Assert.Equal(4, (int)status["total"]!["calls"]!);
        Assert.Equal(1, (int)status["total"]!["errors"]!);
        Assert.Equal("""{"ok":2,"tool_error":1,"error":1}""", status["upstreams"]![0]!["outcomes"]!.ToJsonString());
        Assert.Equal("session", (string)status["upstreams"]![0]!["era"]!);
        Assert.Equal("stdio", (string)status["upstreams"]![0]!["transport"]!);
        Assert.Contains("server is up", status["upstreams"]![0]!["standardError"]!.AsArray().Select(static line => (string)line!));

        Assert.Equal(14, status["tools"]!.AsArray().Count);
        Assert.Null(JsonNode.Parse((await gateway.GetAsync("/api/status?catalog=" + status["catalog"])).Body)!["tools"]);

        var metrics = (await gateway.GetAsync("/metrics")).Body;
        Assert.Contains("mcp_requests_total{upstream=\"only\",method=\"tools/call\",outcome=\"ok\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mcp_requests_total{upstream=\"only\",method=\"tools/call\",outcome=\"error\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mcp_request_duration_seconds_bucket{upstream=\"only\",method=\"tools/call\",outcome=\"ok\",le=\"+Inf\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("mcp_upstream_up{upstream=\"only\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Matches("mcp_active_connections [1-9]", metrics);
        Assert.Matches("mcp_memory_usage_bytes [1-9]", metrics);
        Assert.Contains("mcp_cpu_usage_percent ", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_runs_its_own_script_only()
    {
        await using var gateway = await RunningGateway.StartAsync("""{"servers": {} }""");
        var (status, body, headers) = await gateway.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, status);
        var policy = headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"?(https?:)?//", body);
        Assert.DoesNotContain("innerHTML", body, StringComparison.Ordinal);
        Assert.DoesNotMatch(" on[a-z]+=", body);
    }

    [Fact]
    public async Task A_page_of_another_host_cannot_read_the_status()
    {
        await using var gateway = await RunningGateway.StartAsync("""{"servers": {} }""");
        foreach (var path in (string[])["/", "/api/status", "/metrics", "/health"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await gateway.GetAsync(path, host: "evil.example")).Status);
        }
    }

    [Fact]
    public async Task A_server_in_the_same_process_keeps_its_names_beside_others()
    {
        var server = PeregrineServer.CreateBuilder("sample", "1")
            .AddTool(new HelloTool())
            .Build();
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }""",
            new GatewayOptions { InProcessServers = [new InProcessServer("built-in", server)] });
        Assert.Contains("\"tools\":[{\"name\":\"hello\"", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);
        Assert.Equal("hi", await gateway.CallTextAsync("hello"));
        Assert.Equal("complete", (string)JsonNode.Parse(await gateway.StatelessAsync("tools/call", """{"name":"hello"}"""))!["result"]!["resultType"]!);
    }

    [Fact]
    public async Task Every_page_of_a_server_in_the_same_process_is_read()
    {
        var builder = PeregrineServer.CreateBuilder("sample", "1").Configure(static options => options with { ListPageSize = 2 });
        for (var i = 0; i < 5; i++)
        {
            builder.AddTool(new HelloTool($"hello{i}"));
        }

        await using var gateway = await RunningGateway.StartAsync("""{"servers": {} }""", new GatewayOptions { InProcessServers = [new InProcessServer("built-in", builder.Build())] });
        var tools = JsonNode.Parse(await gateway.SessionAsync("tools/list", "{}"))!["result"]!["tools"]!.AsArray();
        Assert.Equal(["hello0", "hello1", "hello2", "hello3", "hello4"], tools.Select(static tool => (string)tool!["name"]!));
    }

    [Fact]
    public async Task An_upstream_over_HTTP_that_restarts_is_found_again()
    {
        var (app, url) = await StartServerAsync("http://127.0.0.1:0");
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "web": { "url": "{{url}}/mcp" } } }""");
        Assert.Equal("hi", await gateway.CallTextAsync("hello"));
        await app.StopAsync();
        await app.DisposeAsync();
        var refused = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"hello"}"""))!["error"]!;
        Assert.Contains((int)refused["code"]!, (int[])[4005, 4007]);

        var (second, _) = await StartServerAsync(url);
        await RunningGateway.UntilAsync(async () => (await gateway.SessionAsync("tools/call", """{"name":"hello"}""")).Contains("\"hi\"", StringComparison.Ordinal));
        await second.DisposeAsync();
    }

    private static async Task<(WebApplication App, string Url)> StartServerAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.MapPeregrine("/mcp", PeregrineServer.CreateBuilder("web", "1")
            .AddTool(new HelloTool())
            .Build());
        await app.StartAsync();
        return (app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
