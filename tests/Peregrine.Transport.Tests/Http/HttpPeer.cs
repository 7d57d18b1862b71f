using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

/// <summary>A real HTTP server whose answers a test writes, and a connection to it.</summary>
public sealed class HttpPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpPeer(WebApplication app, HttpConnection connection)
    {
        _app = app;
        Connection = connection;
    }

    public HttpConnection Connection { get; }

    public static async Task<HttpPeer> StartAsync(
        Func<HttpContext, JsonElement, Task> answer, ProtocolVersion version = ProtocolVersion.V2026_07_28, Func<HttpConnectionOptions, HttpConnectionOptions>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = default(JsonElement);
            if (context.Request.Method == "POST")
            {
                body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
            }

            await answer(context, body);
        });
        await app.StartAsync();
        var options = new HttpConnectionOptions { Endpoint = new Uri(app.Urls.First() + "/mcp?secret=1") };
        return new HttpPeer(app, new HttpConnection(change?.Invoke(options) ?? options) { Version = version });
    }

    public static Task JsonAsync(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    public static Task ReplyAsync(HttpContext context, JsonElement request, string result) => JsonAsync(context, Reply(request, result));

    public static string Reply(JsonElement request, string result) =>
        $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""";

    public static async Task EventAsync(HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await context.Response.Body.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _app.DisposeAsync();
    }
}
