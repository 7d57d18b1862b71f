using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Peregrine.Load.Tests;

/// <summary>An MCP server over HTTP, written without Peregrine's own libraries, that counts for itself and misbehaves where asked to.</summary>
internal sealed class FixtureServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _calls;
    private long _others;
    private long _openings;
    private long _endings;
    private readonly List<HttpResponse> _streams = [];
    private long _subscriptions;

    private FixtureServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Calls of tools that it has answered.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Everything else it was asked.</summary>
    public long Others => Interlocked.Read(ref _others);

    public long Openings => Interlocked.Read(ref _openings);

    public long Endings => Interlocked.Read(ref _endings);

    /// <summary>Subscriptions that it has taken.</summary>
    public long Subscriptions => Interlocked.Read(ref _subscriptions);

    /// <summary>How many of the subscribers are left out when a change is told.</summary>
    public int Forgotten { get; set; }

    public bool IsSessionEra { get; set; }

    /// <summary>How to answer calls otherwise than rightly; the number is how many calls came before.</summary>
    public Func<HttpContext, string, string, long, Task<bool>>? Misbehave { get; set; }

    /// <summary>Results of its own, by method.</summary>
    public Dictionary<string, string> Results { get; } = [];

    /// <summary>Whether the connection breaks where a session is ended.</summary>
    public bool BreaksEndings { get; set; }

    public Uri Url => new(_app.Urls.First() + "/mcp");

    public static async Task<FixtureServer> StartAsync()
    {
        var server = new FixtureServer();
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Holds every call that comes in the first part of each period until that part is over.</summary>
    public void Stall(TimeSpan part, TimeSpan period)
    {
        var clock = Stopwatch.StartNew();
        Misbehave = async (_, _, _, _) =>
        {
            var at = clock.Elapsed.Ticks % period.Ticks;
            if (at < part.Ticks)
            {
                await Task.Delay(TimeSpan.FromTicks(part.Ticks - at));
            }

            return false;
        };
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public static string Text(string id, string text) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":{{{JsonValue.Create(text).ToJsonString()}}} }]} }""";

    public static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(json);
        return context.Response.WriteAsync(json);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method == "DELETE")
        {
            Interlocked.Increment(ref _endings);
            if (BreaksEndings)
            {
                context.Abort();
            }

            return;
        }

        if (context.Request.Method == "GET")
        {
            await StreamAsync(context, first: null);
            return;
        }

        var message = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (message["id"] is not { } idNode)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var id = idNode.ToJsonString();
        var method = (string)message["method"]!;
        if (method == "tools/call")
        {
            var before = Interlocked.Increment(ref _calls) - 1;
            var text = (string?)message["params"]!["arguments"]!["message"] ?? "";
            if ((string?)message["params"]!["name"] == "touch")
            {
                await TellAsync((string)message["params"]!["arguments"]!["uri"]!);
            }

            if (Misbehave is null || !await Misbehave(context, id, text, before))
            {
                await WriteAsync(context, Text(id, text));
            }

            return;
        }

        Interlocked.Increment(ref _others);
        if (method is "subscriptions/listen" or "resources/subscribe")
        {
            Interlocked.Increment(ref _subscriptions);
        }

        if (method == "subscriptions/listen")
        {
            await StreamAsync(context, """{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{} } }""");
            return;
        }

        await WriteAsync(context, AnswerOther(context, id, method));
    }

    private static Task WriteEventAsync(HttpResponse response, string json) => response.WriteAsync($"data: {json}\n\n");

    private async Task StreamAsync(HttpContext context, string? first)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        if (first is not null)
        {
            await WriteEventAsync(context.Response, first);
        }

        lock (_streams)
        {
            _streams.Add(context.Response);
        }

        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        lock (_streams)
        {
            _streams.Remove(context.Response);
        }
    }

    private async Task TellAsync(string uri)
    {
        HttpResponse[] streams;
        lock (_streams)
        {
            streams = [.. _streams.Skip(Forgotten)];
        }

        foreach (var stream in streams)
        {
            await WriteEventAsync(stream, $$$"""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"{{{uri}}}"} }""");
        }
    }

    private string AnswerOther(HttpContext context, string id, string method)
    {
        if (Results.TryGetValue(method, out var result))
        {
            return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{{{result}}} }""";
        }

        if (IsSessionEra && method == "initialize")
        {
            context.Response.Headers["Mcp-Session-Id"] = $"session-{Interlocked.Increment(ref _openings)}";
            return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"fixture","version":"1"} } }""";
        }

        if (method == "resources/subscribe")
        {
            return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{} }""";
        }

        return !IsSessionEra && method == "server/discover"
            ? $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"supportedVersions":["2026-07-28"],"capabilities":{},"serverInfo":{"name":"fixture","version":"2"} } }"""
            : $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32601,"message":"no such method"} }""";
    }
}
