using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;

namespace Peregrine.Gateway.Tests;

/// <summary>A gateway on a real port with real child processes behind it.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private RunningGateway(WebApplication app, PeregrineGateway gateway, Uri address)
    {
        _app = app;
        Gateway = gateway;
        _http = new HttpClient { BaseAddress = address };
    }

    internal PeregrineGateway Gateway { get; }

    internal Uri Endpoint => new(_http.BaseAddress!, "/mcp");

    /// <summary>Where it listens.</summary>
    internal Uri Address => _http.BaseAddress!;

    /// <summary>The command line of the test server, as the two members of a configuration entry.</summary>
    internal static string Server(string arguments) =>
        $"\"command\": \"dotnet\", \"args\": [{JsonValue.Create(Path.Combine(AppContext.BaseDirectory, "Peregrine.Gateway.Tests.Upstream.dll"))!.ToJsonString()}, \"{arguments}\"]";

    internal static async Task<RunningGateway> StartAsync(string configuration, GatewayOptions? options = null, Func<string, string?>? environment = null)
    {
        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(configuration), "test.json", environment ?? (static _ => null));
        Assert.Empty(read.Errors);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gateway = new PeregrineGateway(read.Configuration!, options);
        app.Use(static (context, next) =>
        {
            // Stands for a host that has authenticated its callers.
            if (context.Request.Headers.TryGetValue("X-Test-User", out var name))
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name.ToString())], "test"));
            }

            return next(context);
        });
        app.MapPeregrineGateway(gateway);
        gateway.Start();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new RunningGateway(app, gateway, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await Gateway.DisposeAsync();
        await _app.DisposeAsync();
        _http.Dispose();
    }

    internal async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> GetAsync(string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    /// <summary>Sends a request to the admin API, and gives status and answer.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Answer)> AdminAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/admin" + path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Sends a request of the session era, and gives the reply's text.</summary>
    internal Task<string> SessionAsync(string method, string parameters, string path = "/mcp", CancellationToken cancellationToken = default) =>
        PostAsync(method, parameters, stateless: false, meta: null, path, cancellationToken);

    /// <summary>Sends a request of the stateless era, and gives the reply's text.</summary>
    internal Task<string> StatelessAsync(string method, string parameters, string? meta = null, CancellationToken cancellationToken = default) =>
        PostAsync(method, parameters, stateless: true, meta, "/mcp", cancellationToken);

    /// <summary>Sends a request of the session era with further headers, and gives the whole answer.</summary>
    internal async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(string method, string parameters, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Content = new StringContent($$"""{"jsonrpc":"2.0","id":"id-7","method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    /// <summary>Another configuration, read from its text.</summary>
    internal async Task<ReloadResult> ReloadAsync(string configuration)
    {
        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(configuration), "test.json", static _ => null);
        Assert.Empty(read.Errors);
        return await Gateway.ReloadAsync(read.Configuration!);
    }

    /// <summary>Calls a tool in the session era and gives the text it answers with.</summary>
    internal async Task<string> CallTextAsync(string tool, string arguments = "{}") =>
        (string)JsonNode.Parse(await SessionAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}"""))!["result"]!["content"]![0]!["text"]!;

    /// <summary>Asks until the condition holds; fails when patience ends.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<string> PostAsync(string method, string parameters, bool stateless, string? meta, string path, CancellationToken cancellationToken)
    {
        var name = (JsonNode.Parse(parameters)!["name"] ?? JsonNode.Parse(parameters)!["uri"])?.ToString();
        if (stateless)
        {
            var own = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{},\"io.modelcontextprotocol/clientInfo\":{\"name\":\"test\",\"version\":\"1\"}";
            parameters = parameters.Length == 2 ? $"{{\"_meta\":{{{own}}}}}" : $"{parameters[..^1]},\"_meta\":{{{own}{(meta is null ? "" : "," + meta)}}}}}";
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent($$"""{"jsonrpc":"2.0","id":"id-7","method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", stateless ? "2026-07-28" : "2025-11-25");
        if (stateless)
        {
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
            {
                request.Headers.Add("Mcp-Name", name);
            }
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
