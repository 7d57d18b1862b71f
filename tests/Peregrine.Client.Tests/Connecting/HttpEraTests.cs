using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Connecting;

public sealed class HttpEraTests
{
    private const string Discovered = """{"jsonrpc":"2.0","id":ID,"result":{"supportedVersions":["2026-07-28"],"capabilities":{}}}""";
    private const string Initialized = """{"jsonrpc":"2.0","id":ID,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}""";

    [Theory]
    [InlineData(200, Discovered, ProtocolEra.Stateless)]
    [InlineData(400, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32020,"message":"m"}}""", ProtocolEra.Stateless)]
    [InlineData(400, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32021,"message":"m"}}""", ProtocolEra.Stateless)]
    [InlineData(400, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32602,"message":"m"}}""", ProtocolEra.Stateless)]
    [InlineData(404, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"m"}}""", ProtocolEra.Stateless)]
    [InlineData(400, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"m","data":{"supported":["2026-07-28"]}}}""", ProtocolEra.Stateless)]
    [InlineData(400, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"m","data":{"supported":["2025-11-25","2025-06-18"]}}}""", ProtocolEra.Session)]
    [InlineData(200, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"m"}}""", ProtocolEra.Session)]
    [InlineData(400, """{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}""", ProtocolEra.Session)]
    [InlineData(400, "", ProtocolEra.Session)]
    [InlineData(404, "<html>", ProtocolEra.Session)]
    [InlineData(405, "", ProtocolEra.Session)]
    [InlineData(202, "", ProtocolEra.Session)]
    public async Task The_first_answer_tells_the_era(int status, string body, ProtocolEra expected)
    {
        List<string> seen = [];
        await using var app = await StartAsync(seen, status, body);
        await using var client = await PeregrineClient.ConnectAsync(new Uri(app.Urls.First())).Soon();
        Assert.Equal(expected, client.Era);
        Assert.Equal(
            expected == ProtocolEra.Stateless ? ["server/discover 2026-07-28"] : ["server/discover 2026-07-28", "initialize ", "notifications/initialized 2025-11-25"],
            seen);
    }

    [Theory]
    [InlineData(401, TransportFault.Unauthorized)]
    [InlineData(403, TransportFault.Unauthorized)]
    [InlineData(500, TransportFault.HttpStatus)]
    [InlineData(429, TransportFault.HttpStatus)]
    [InlineData(302, TransportFault.HttpStatus)]
    public async Task Statuses_that_say_nothing_about_the_era_are_errors(int status, TransportFault fault)
    {
        List<string> seen = [];
        await using var app = await StartAsync(seen, status, "");
        Assert.Equal(fault, (await Assert.ThrowsAsync<McpTransportException>(() => PeregrineClient.ConnectAsync(new Uri(app.Urls.First())).Soon())).Fault);
        Assert.Single(seen);
    }

    [Fact]
    public async Task An_error_of_the_server_itself_says_nothing_about_the_era()
    {
        await using var app = await StartAsync([], 500, """{"jsonrpc":"2.0","id":ID,"error":{"code":-32603,"message":"down"}}""");
        Assert.Equal("down", (await Assert.ThrowsAsync<McpPeerException>(() => PeregrineClient.ConnectAsync(new Uri(app.Urls.First())).Soon())).Message);
    }

    private static async Task<WebApplication> StartAsync(List<string> seen, int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body);
            var message = document.RootElement;
            var method = message.GetProperty("method").GetString();
            seen.Add($"{method} {context.Request.Headers["MCP-Protocol-Version"]}");
            var answer = method switch
            {
                "initialize" => Initialized,
                "notifications/initialized" => "",
                _ => body,
            };
            context.Response.StatusCode = method switch
            {
                "initialize" => 200,
                "notifications/initialized" => 202,
                _ => status,
            };
            if (answer.Length > 0)
            {
                context.Response.ContentType = answer[0] == '{' ? "application/json" : "text/html";
                await context.Response.WriteAsync(answer.Replace("ID", message.TryGetProperty("id", out var id) ? id.GetRawText() : "", StringComparison.Ordinal));
            }
        });
        await app.StartAsync();
        return app;
    }
}
