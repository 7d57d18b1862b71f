using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Cli.Exporting;
using Peregrine.Cli.Serving;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;

namespace Peregrine.Cli.Tests.Exporting;

/// <summary>Traces and metrics reach a collector: here the HTTP requests of OTLP are received as they are.</summary>
public sealed class OtlpExportTests
{
    [Fact]
    public async Task Traces_and_metrics_of_calls_reach_the_endpoint_of_the_configuration()
    {
        ConcurrentDictionary<string, string> received = new();
        await using var collector = await StartAsync(app => app.MapPost("/v1/{signal}", async context =>
        {
            Assert.Equal("application/x-protobuf", context.Request.ContentType);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);

            // Protobuf holds texts as they are.
            received.AddOrUpdate((string)context.Request.RouteValues["signal"]!, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        }));
        await using var gateway = new PeregrineGateway(new GatewayConfiguration { Name = "edge" }, new GatewayOptions { InProcessServers = [new InProcessServer("sample", SampleServer.Describe(0).Build())] });
        gateway.Start();
        await using var app = await StartAsync(app => app.MapPeregrineGateway(gateway));

        using (OtlpExport.Begin("edge", AddressOf(collector)))
        {
            using var http = new HttpClient { BaseAddress = AddressOf(app) };
            using var content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"a word that is nobody else's"}}}""", Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = content };
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            using var reply = await http.SendAsync(request);
            Assert.Contains("a word that is nobody else's", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var traces = received["traces"];
        Assert.Contains("tools/call echo", traces, StringComparison.Ordinal);
        Assert.Contains("peregrine.upstream", traces, StringComparison.Ordinal);
        Assert.Contains("edge", traces, StringComparison.Ordinal);
        var metrics = received["metrics"];
        Assert.Contains("mcp.server.operation.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("mcp.gateway.upstream.up", metrics, StringComparison.Ordinal);

        // What was said in a call is its caller's.
        Assert.DoesNotContain("nobody else's", traces + metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_sent_where_nobody_says_where_to() => Assert.Null(OtlpExport.Begin("edge", null));

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static Uri AddressOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
}
