using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>An application on Kestrel, on a port of its own.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    /// <summary>A test that waits this long has failed. Far more than any wait takes on a busy machine.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""";

    private readonly WebApplication _app;

    private TestSite(WebApplication app, LogRecords log, Uri address)
    {
        _app = app;
        Log = log;
        Address = address;
        Client = new HttpClient { BaseAddress = address, Timeout = Patience };
    }

    internal Uri Address { get; }

    internal HttpClient Client { get; }

    internal LogRecords Log { get; }

    internal IServiceProvider Services => _app.Services;

    internal static Task<TestSite> StartAsync(params McpToolHandler[] tools) => StartAsync(null, tools);

    internal static Task<TestSite> StartAsync(HttpFrontOptions? options, params McpToolHandler[] tools)
    {
        var builder = PeregrineServer.CreateBuilder("test-server", "1.2.3").AddTool(new DelegateTool("echo", static call => call.ReturnText(call.RawArguments.Span)));
        foreach (var tool in tools)
        {
            builder.AddTool(tool);
        }

        // On a busy machine the first call of a tool may look like one that blocks, and that would be logged.
        builder.Configure(static server => server with { BlockingThreshold = TimeSpan.FromHours(1) });
        return StartAsync(app => app.MapPeregrine("/mcp", builder.UseLogging(app.ServiceProvider.GetRequiredService<ILoggerFactory>()).Build(), options));
    }

    internal static async Task<TestSite> StartAsync(Action<IEndpointRouteBuilder> map, Action<IServiceCollection>? services = null, string url = "http://127.0.0.1:0")
    {
        var log = new LogRecords();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        var address = Assert.Single(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        return new TestSite(app, log, new Uri(address));
    }

    /// <summary>A POST with the headers that every client sends, and those given; null takes one away.</summary>
    internal static HttpRequestMessage Post(string body, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers)
        {
            var target = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? (System.Net.Http.Headers.HttpHeaders)request.Content.Headers : request.Headers;
            target.Remove(name);
            if (value is not null)
            {
                Assert.True(target.TryAddWithoutValidation(name, value));
            }
        }

        return request;
    }

    /// <summary>A request of the stateless era with all its headers; a header given as null is taken away.</summary>
    internal static HttpRequestMessage PostStateless(string method, string? name, string body, params (string Name, string? Value)[] headers) =>
        Post(body, [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method), .. name is null ? Array.Empty<(string, string?)>() : [("Mcp-Name", name)], .. headers]);

    internal static string Call(string tool, string arguments = "{}", string meta = Meta, string id = "1") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{meta}}} } }""";

    internal static string SessionCall(string tool, string arguments = "{}", string meta = "{}", string id = "1") => Call(tool, arguments, meta, id);

    /// <summary>A connection without a client, for what clients do not do.</summary>
    /// <param name="receiveBuffer">Bytes that the system may keep for it unread; 0 leaves that to the system.</param>
    internal async Task<RawHttp> ConnectAsync(int receiveBuffer = 0)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(Address.Host.Trim('[', ']')), Address.Port));
        return new RawHttp(socket);
    }

    /// <summary>Stops the host, as an end of the process does.</summary>
    internal Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
