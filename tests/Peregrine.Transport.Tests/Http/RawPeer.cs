using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

/// <summary>A real HTTP server that is given bodies as they came, and a connection to it.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RawPeer(WebApplication app, HttpConnectionOptions options, ProtocolVersion version)
    {
        _app = app;
        Options = options;
        Connection = new HttpConnection(options) { Version = version };
    }

    internal HttpConnection Connection { get; }

    internal HttpConnectionOptions Options { get; }

    internal static async Task<RawPeer> StartAsync(
        Func<HttpContext, byte[], Task> answer, Func<HttpConnectionOptions, HttpConnectionOptions>? change = null, ProtocolVersion version = ProtocolVersion.V2026_07_28)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await answer(context, body.ToArray());
        });
        await app.StartAsync();
        var options = new HttpConnectionOptions { Endpoint = new Uri(app.Urls.First() + "/mcp") };
        return new RawPeer(app, change?.Invoke(options) ?? options, version);
    }

    internal static string Reply(string request, string result)
    {
        using var document = JsonDocument.Parse(request);
        return $$"""{"jsonrpc":"2.0","id":{{document.RootElement.GetProperty("id").GetRawText()}},"result":{{result}}}""";
    }

    internal static Task ReplyAsync(HttpContext context, string request, string result = "{}")
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Reply(request, result));
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _app.DisposeAsync();
    }
}
