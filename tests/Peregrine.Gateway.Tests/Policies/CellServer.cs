using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>A server with numbered cells: <c>read</c> gives one, <c>write</c> sets one. Both take their time between looking and answering, so that reads and writes overlap.</summary>
internal sealed class CellServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CellServer(WebApplication app, string url) => (_app, Url) = (app, url);

    internal string Url { get; }

    internal static async Task<CellServer> StartAsync(int cells)
    {
        var values = new int[cells];
        var server = PeregrineServer.CreateBuilder("cells", "1")
            .AddTool(new McpToolDefinition { Name = "read", InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = true }, async call =>
            {
                var value = Volatile.Read(ref values[(int)JsonNode.Parse(call.RawArguments.Span)!["cell"]!]);
                await Task.Yield();
                call.ReturnText(value.ToString(CultureInfo.InvariantCulture));
            })
            .AddTool(new McpToolDefinition { Name = "write", InputSchema = "{\"type\":\"object\"}"u8.ToArray() }, async call =>
            {
                var arguments = JsonNode.Parse(call.RawArguments.Span)!;
                await Task.Yield();
                Volatile.Write(ref values[(int)arguments["cell"]!], (int)arguments["value"]!);
                await Task.Yield();
                call.ReturnText("written");
            })
            .Build();
        var web = WebApplication.CreateSlimBuilder();
        web.Logging.ClearProviders();
        web.WebHost.UseUrls("http://127.0.0.1:0");
        var app = web.Build();
        app.MapPeregrine("/mcp", server);
        await app.StartAsync();
        return new CellServer(app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/mcp");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
