using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>A session that the server has forgotten: the call that finds out is sent again on a new one, also where it may not run twice, and the calls beside it are not touched.</summary>
public sealed class LostSessionTests
{
    [Fact]
    public async Task A_write_is_sent_again_and_calls_beside_it_go_on()
    {
        ConcurrentQueue<string> sessions = new();
        var forgotten = false;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.Method != "POST")
            {
                context.Response.StatusCode = 405;
                return;
            }

            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            var session = context.Request.Headers["Mcp-Session-Id"].ToString();
            switch (body.RootElement.GetProperty("method").GetString())
            {
                case "initialize":
                    sessions.Enqueue("s" + sessions.Count);
                    context.Response.Headers["Mcp-Session-Id"] = sessions.Last();
                    await ReplyAsync(context, body, """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}""");
                    break;
                case "tools/call" when body.RootElement.GetProperty("params").GetProperty("name").GetString() == "held":
                    held.TrySetResult();
                    await release.Task;
                    await ReplyAsync(context, body, "{\"content\":[]}");
                    break;
                case "tools/call" when forgotten && session == "s0":
                    context.Response.StatusCode = 404;
                    break;
                case "tools/call":
                    await ReplyAsync(context, body, "{\"content\":[]}");
                    break;
                default:
                    context.Response.StatusCode = 202;
                    break;
            }
        });
        await app.StartAsync();
        await using var client = await PeregrineClient.ConnectAsync(new Uri(app.Urls.First()), new PeregrineClientOptions { Era = ProtocolEra.Session }).Soon();
        var first = client.Connection;
        var beside = client.CallToolAsync("held").AsTask();
        await held.Task.Soon();
        forgotten = true;
        using (var result = await client.CallToolAsync("write").Soon())
        {
            Assert.Equal(2, result.Outcome.Attempts);
        }

        Assert.NotSame(first, client.Connection);
        Assert.Equal(["s0", "s1"], sessions);
        release.SetResult();
        (await beside.Soon()).Dispose();
        await first.Completion.Soon();
    }

    private static Task ReplyAsync(HttpContext context, JsonDocument request, string result)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{request.RootElement.GetProperty("id").GetRawText()},\"result\":{result}}}");
    }
}
