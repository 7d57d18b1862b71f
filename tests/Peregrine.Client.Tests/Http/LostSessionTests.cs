using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Peregrine.Client.Subscriptions;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Http;

public sealed class LostSessionTests
{
    private const string Initialized = "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"resources\":{\"subscribe\":true}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

    [Fact]
    public async Task A_lost_session_is_followed_by_another_beneath_the_client()
    {
        var sessions = 0;
        var lost = false;
        await using var server = await ScriptedHttpServer.StartAsync((context, method, _) =>
        {
            if (method == "initialize")
            {
                context.Response.Headers["Mcp-Session-Id"] = $"s{++sessions}";
                lost = false;
                return Task.FromResult<string?>(Initialized);
            }

            if (lost && context.Request.Headers["Mcp-Session-Id"] == "s1")
            {
                context.Response.StatusCode = 404;
                return Task.FromResult<string?>(null);
            }

            return Task.FromResult(method == "ping" ? "\"result\":{}" : null);
        });
        await using var client = await ConnectAsync(server.Endpoint, ProtocolEra.Session);
        await client.PingAsync().Soon();
        var first = client.Connection;
        lost = true;

        // Without a retry of its own the client tells of the first request that found out; the next one has a new session.
        await Assert.ThrowsAsync<McpTransportException>(async () =>
        {
            await client.PingAsync().Soon();
            throw new McpTransportException(TransportFault.SessionLost, "retried");
        });
        await client.PingAsync().Soon();

        Assert.NotSame(first, client.Connection);
        Assert.Equal(2, sessions);
        Assert.Equal("s2", server.Seen.Last().Headers["Mcp-Session-Id"]);
    }

    [Fact]
    public async Task Subscriptions_survive_it()
    {
        var sessions = 0;
        var streams = new ConcurrentDictionary<string, HttpContext>();
        var opened = new SemaphoreSlim(0);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ScriptedHttpServer.StartAsync(async (context, method, _) =>
        {
            var session = context.Request.Headers["Mcp-Session-Id"].ToString();
            switch (method)
            {
                case "initialize":
                    context.Response.Headers["Mcp-Session-Id"] = $"s{++sessions}";
                    return Initialized;
                case "GET":
                    if (session == "s1" && lost.Task.IsCompleted)
                    {
                        context.Response.StatusCode = 404;
                        return null;
                    }

                    context.Response.ContentType = "text/event-stream";
                    await context.Response.WriteAsync("retry: 10\n\n");
                    await context.Response.Body.FlushAsync();
                    streams[session] = context;
                    opened.Release();
                    await (session == "s1" ? lost.Task : end.Task);
                    return null;
                case "resources/subscribe" or "resources/unsubscribe":
                    return "\"result\":{}";
                default:
                    return null;
            }
        });
        await using var client = await ConnectAsync(server.Endpoint, ProtocolEra.Session);
        var changes = new ConcurrentQueue<ServerChange>();
        var told = new SemaphoreSlim(0);
        await using (await client.SubscribeAsync(new SubscriptionRequest
        {
            ResourceUris = ["test://a"],
            Tools = true,
            OnChange = change =>
            {
                changes.Enqueue(change);
                told.Release();
            },
        }).Soon())
        {
            await opened.WaitAsync(TestLimit);
            await SendAsync("s1", """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://a"}}""");
            await SendAsync("s1", """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://other"}}""");
            await told.WaitAsync(TestLimit);
            lost.SetResult();
            await told.WaitAsync(TestLimit);
            await opened.WaitAsync(TestLimit);
            await SendAsync("s2", """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
            await told.WaitAsync(TestLimit);
        }

        Assert.Equal(
            [new ServerChange(ServerChangeKind.Resource, "test://a"), new ServerChange(ServerChangeKind.Resumed, null), new ServerChange(ServerChangeKind.Tools, null)], changes);
        Assert.Equal(2, server.Methods.Count(static method => method == "resources/subscribe"));
        Assert.Equal(1, server.Methods.Count(static method => method == "resources/unsubscribe"));
        end.SetResult();

        async Task SendAsync(string session, string message)
        {
            await streams[session].Response.WriteAsync($"data: {message}\n\n");
            await streams[session].Response.Body.FlushAsync();
        }
    }

    private static TimeSpan TestLimit => Peregrine.Transport.Tests.TestTime.Limit;

    private static Task<PeregrineClient> ConnectAsync(Uri endpoint, ProtocolEra era) => PeregrineClient.ConnectAsync(endpoint, new PeregrineClientOptions { Era = era }).Soon();
}
