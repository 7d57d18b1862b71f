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

    private HttpServer(WebApplication app, PeregrineServer server, Func<HttpContext, Task>? before)
    {
        _app = app;
        app.Use(async (context, next) =>
        {
            Count(context);
            await (before?.Invoke(context) ?? Task.CompletedTask);
            await next(context);
        });
        app.MapPeregrine("/mcp", server);
    }

    internal Uri Endpoint { get; private set; } = null!;

    /// <summary>Requests that came.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Connections on which they came.</summary>
    internal int Connections => _connections.Count;

    /// <summary>Starts a server that has these tools.</summary>
    internal static Task<HttpServer> StartAsync(params DelegateTool[] tools)
    {
        var description = PeregrineServer.CreateBuilder("behind", "1");
        foreach (var tool in tools)
        {
            description.AddTool(tool);
        }

        return StartAsync(description.Build());
    }

    /// <summary>Starts a server.</summary>
    /// <param name="server">What answers.</param>
    /// <param name="url">Where to listen; a port of its own choice where it is left out.</param>
    /// <param name="before">Called with each request before it is answered.</param>
    internal static async Task<HttpServer> StartAsync(PeregrineServer server, string url = "http://127.0.0.1:0", Func<HttpContext, Task>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var started = new HttpServer(builder.Build(), server, before);
        await started._app.StartAsync();
        started.Endpoint = new Uri(started._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/mcp");
        return started;
    }

    /// <summary>A gateway with this server behind it, which it speaks one era with.</summary>
    internal Task<RunningGateway> StartGatewayAsync(string era) => RunningGateway.StartAsync(
        $$"""{"servers": { "only": { "url": "{{Endpoint}}" } }, "peregrine": { "servers": { "only": { "era": "{{era}}" } } } }""");

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Count(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        _connections[context.Connection.Id] = true;
    }
}
