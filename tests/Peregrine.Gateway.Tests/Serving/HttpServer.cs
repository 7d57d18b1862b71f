using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server;
using Peregrine.Server.AspNetCore.Hosting;

namespace Peregrine.Gateway.Tests.Serving;

/// <summary>A server over HTTP on a port of its own, to stand behind a gateway.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpServer(WebApplication app, Uri endpoint)
    {
        _app = app;
        Endpoint = endpoint;
    }

    internal Uri Endpoint { get; }

    internal static async Task<HttpServer> StartAsync(params DelegateTool[] tools)
    {
        var description = PeregrineServer.CreateBuilder("behind", "1");
        foreach (var tool in tools)
        {
            description.AddTool(tool);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPeregrine("/mcp", description.Build());
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new HttpServer(app, new Uri(address + "/mcp"));
    }

    /// <summary>A gateway with this server behind it, which it speaks one era with.</summary>
    internal Task<RunningGateway> StartGatewayAsync(string era) => RunningGateway.StartAsync(
        $$"""{"servers": { "only": { "url": "{{Endpoint}}" } }, "peregrine": { "servers": { "only": { "era": "{{era}}" } } } }""");

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
