using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server;
using Peregrine.Server.AspNetCore.Hosting;

namespace Peregrine.Gateway.Tests.Serving;

/// <summary>A server over HTTP on a port of its own, to stand behind a gateway.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _connections = new();
    private int _requests;

    private HttpServer(WebApplication app, Uri endpoint)
    {
        _app = app;
        Endpoint = endpoint;
    }

    internal Uri Endpoint { get; }

    /// <summary>Requests that came.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Connections on which they came.</summary>
    internal int Connections => _connections.Count;

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
        HttpServer? server = null;
        app.Use((context, next) =>
        {
            server?.Count(context);
            return next(context);
        });
        app.MapPeregrine("/mcp", description.Build());
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server = new HttpServer(app, new Uri(address + "/mcp"));
    }

    /// <summary>A gateway with this server behind it, which it speaks one era with.</summary>
    internal Task<RunningGateway> StartGatewayAsync(string era) => RunningGateway.StartAsync(
        $$"""{"servers": { "only": { "url": "{{Endpoint}}" } }, "peregrine": { "servers": { "only": { "era": "{{era}}" } } } }""");

    private void Count(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        _connections[context.Connection.Id] = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
