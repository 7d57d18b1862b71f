using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Peregrine.Client.Tests.Http;

/// <summary>An MCP server over HTTP whose answers a test writes: to each message it gives the rest of a reply behind the id, or answers by itself.</summary>
public sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedHttpServer(WebApplication app) => _app = app;

    /// <summary>What came: method, message, headers.</summary>
    public ConcurrentQueue<(string Method, JsonElement Message, IHeaderDictionary Headers)> Seen { get; } = new();

    public Uri Endpoint => new(_app.Urls.First() + "/mcp");

    public IEnumerable<string> Methods => Seen.Select(static one => one.Method);

    /// <summary>Starts it.</summary>
    /// <param name="answer">Gets the context, the method (the HTTP method where there is no message) and the message; gives the rest of a reply, or null where it has answered or the answer is 202.</param>
    public static async Task<ScriptedHttpServer> StartAsync(Func<HttpContext, string, JsonElement, Task<string?>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedHttpServer(app);
        app.Run(async context =>
        {
            var message = default(JsonElement);
            var method = context.Request.Method;
            if (method == "POST")
            {
                message = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
                method = message.TryGetProperty("method", out var name) ? name.GetString()! : "answer";
                server.Seen.Enqueue((method, message, new HeaderDictionary(context.Request.Headers.ToDictionary())));
            }

            if (await answer(context, method, message) is { } rest)
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{message.GetProperty("id").GetRawText()}},{{rest}}}""");
            }
            else if (!context.Response.HasStarted && context.Response.StatusCode == 200)
            {
                context.Response.StatusCode = method == "GET" ? 405 : 202;
            }
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
