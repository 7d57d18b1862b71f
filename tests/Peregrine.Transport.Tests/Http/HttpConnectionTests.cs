using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

public class HttpConnectionTests : OverBothTests
{
    [Theory]
    [InlineData("tools/call", """{"name":"weather"}""", null, "weather")]
    [InlineData("tools/call", """{"name":"sch\u00F6n"}""", null, "=?base64?c2Now7Zu?=")]
    [InlineData("prompts/get", """{"name":"p"}""", "given", "given")]
    [InlineData("resources/read", """{"uri":"file:\/\/a b"}""", null, "file://a b")]
    [InlineData("tasks/get", """{"taskId":"t1"}""", null, "t1")]
    [InlineData("tools/list", """{"name":"not a mirror"}""", null, null)]
    public async Task In_the_stateless_era_headers_mirror_the_body(string method, string parameters, string? given, string? expected)
    {
        IHeaderDictionary? headers = null;
        await using var peer = await StartAsync(
            (context, body) =>
            {
                headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
                return HttpPeer.ReplyAsync(context, body, "{}");
            },
            change: static o => o with { Headers = [new("X-Api-Key", "k")] });
        var options = new SendOptions { Name = given, Headers = [new("Mcp-Param-City", "Oslo")] };
        using var reply = await peer.Connection.SendRequestAsync(Encoding.UTF8.GetBytes(method), Encoding.UTF8.GetBytes(parameters), options).Soon();
        Assert.Equal(200, reply.StatusCode);
        Assert.Equal("2026-07-28", headers!["MCP-Protocol-Version"]);
        Assert.Equal(method, headers["Mcp-Method"]);
        Assert.Equal(expected, (string?)headers["Mcp-Name"]);
        Assert.Equal("application/json, text/event-stream", headers.Accept);
        Assert.Equal("application/json", headers.ContentType);
        Assert.Equal("k", headers["X-Api-Key"]);
        Assert.Equal("Oslo", headers["Mcp-Param-City"]);
        Assert.False(headers.ContainsKey("Mcp-Session-Id"));
    }

    [Fact]
    public async Task In_the_session_era_the_session_is_kept_and_ended()
    {
        List<string> seen = [];
        var peer = await StartAsync(
            (context, body) =>
            {
                var method = body.ValueKind == JsonValueKind.Object ? body.GetProperty("method").GetString() : context.Request.Method;
                seen.Add($"{method} {context.Request.Headers["Mcp-Session-Id"]} {context.Request.Headers["MCP-Protocol-Version"]} {context.Request.Headers["Mcp-Method"]}");
                context.Response.Headers["Mcp-Session-Id"] = method == "initialize" ? "s1" : "other";
                if (method == "notifications/initialized")
                {
                    context.Response.StatusCode = 202;
                    return Task.CompletedTask;
                }

                return method == "DELETE" ? Task.CompletedTask : HttpPeer.ReplyAsync(context, body, "{}");
            },
            ProtocolVersion.Unknown);
        (await peer.Connection.SendRequestAsync("initialize"u8, "{}"u8).Soon()).Dispose();
        Assert.Equal("s1", peer.Connection.SessionId);
        peer.Connection.Version = ProtocolVersion.V2025_11_25;
        await peer.Connection.SendNotificationAsync("notifications/initialized"u8, default).Soon();
        peer.Connection.Version = ProtocolVersion.V2025_03_26;
        (await peer.Connection.SendRequestAsync("tools/list"u8, "{}"u8).Soon()).Dispose();
        await peer.DisposeAsync();
        await peer.Connection.DisposeAsync();
        Assert.Equal(["initialize   ", "notifications/initialized s1 2025-11-25 ", "tools/list s1  ", "DELETE s1  "], seen);
        Assert.True(peer.Connection.Completion.IsCompletedSuccessfully);
        Assert.Equal(TransportFault.Closed, (await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon())).Fault);
    }

    [Fact]
    public async Task A_lost_session_is_told_apart()
    {
        await using var peer = await StartAsync(
            (context, body) =>
            {
                if (body.ValueKind == JsonValueKind.Object && body.GetProperty("method").GetString() == "initialize")
                {
                    context.Response.Headers["Mcp-Session-Id"] = "s1";
                    return HttpPeer.ReplyAsync(context, body, "{}");
                }

                return HttpPeer.JsonAsync(context, """{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}""", 404);
            },
            ProtocolVersion.V2025_11_25);
        using (var unknown = await peer.Connection.SendRequestAsync("tools/list"u8, "{}"u8).Soon())
        {
            Assert.Equal(-32001, unknown.ErrorCode);
            Assert.Equal(404, unknown.StatusCode);
        }

        (await peer.Connection.SendRequestAsync("initialize"u8, "{}"u8).Soon()).Dispose();
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("tools/list"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.SessionLost, exception.Fault);
        Assert.False(exception.MayHaveRun);
    }

    [Theory]
    [InlineData(400, """{"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"m"}}""", -32020)]
    [InlineData(404, """{"jsonrpc":"2.0","error":{"code":-32601,"message":"m"}}""", -32601)]
    [InlineData(500, """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"m"}}""", -32603)]
    public async Task A_JSON_RPC_error_under_any_status_is_the_peers_answer(int status, string body, int code)
    {
        await using var peer = await StartAsync((context, _) => HttpPeer.JsonAsync(context, body, status));
        using var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon();
        Assert.True(reply.IsError);
        Assert.Equal(code, reply.ErrorCode);
        Assert.Equal(status, reply.StatusCode);
        Assert.Equal(code, (await Assert.ThrowsAsync<McpPeerException>(() => peer.Connection.SendNotificationAsync("n"u8, "{}"u8).Soon())).Code);
    }

    [Theory]
    [InlineData(500, TransportFault.HttpStatus, true)]
    [InlineData(400, TransportFault.HttpStatus, false)]
    [InlineData(408, TransportFault.HttpStatus, true)]
    [InlineData(429, TransportFault.HttpStatus, false)]
    [InlineData(401, TransportFault.Unauthorized, false)]
    [InlineData(403, TransportFault.Unauthorized, false)]
    public async Task Other_statuses_are_transport_errors_with_an_excerpt(int status, TransportFault fault, bool mayHaveRun)
    {
        await using var peer = await StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"x\"";
            return context.Response.WriteAsync("upstream\r\nsaid no " + new string('.', 500));
        });
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(fault, exception.Fault);
        Assert.Equal(mayHaveRun, exception.MayHaveRun);
        Assert.Equal(status, exception.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), exception.RetryAfter);
        Assert.Equal("Bearer realm=\"x\"", exception.Challenge);
        Assert.Contains("upstream  said no", exception.Message, StringComparison.Ordinal);
        Assert.InRange(exception.Message.Length, 100, 400);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        var hits = 0;
        await using var peer = await StartAsync((context, _) =>
        {
            hits++;
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(307, exception.StatusCode);
        Assert.Contains("/elsewhere", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, hits);
    }

    [Theory]
    [InlineData("application/json", """{"jsonrpc":"2.0","id":77,"result":{}}""")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", "no json")]
    [InlineData("text/html", "<html>")]
    [InlineData(null, "")]
    public async Task A_success_without_our_reply_is_an_invalid_reply(string? type, string body)
    {
        await using var peer = await StartAsync((context, _) =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.InvalidReply, exception.Fault);
        Assert.True(exception.MayHaveRun);
    }

    [Fact]
    public async Task A_reply_in_a_batch_is_found()
    {
        await using var peer = await StartAsync(
            (context, body) => HttpPeer.JsonAsync(context, $"[{{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":1}},{HttpPeer.Reply(body, "[1]")}]"), ProtocolVersion.V2025_03_26);
        using var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon();
        Assert.Equal("[1]", Encoding.UTF8.GetString(reply.Result.Span));
        Assert.Equal(1, peer.Connection.Statistics.UnmatchedReplies);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_over_the_limit_is_refused(bool announced)
    {
        await using var peer = await StartAsync(
            async (context, body) =>
            {
                var reply = HttpPeer.Reply(body, $"\"{new string('x', 200_000)}\"");
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = announced ? reply.Length : null;
                await context.Response.StartAsync();
                await context.Response.WriteAsync(reply);
            },
            change: static o => o with { MaxMessageLength = 100_000 });
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.ReplyTooLong, exception.Fault);
    }

    [Fact]
    public async Task A_large_reply_without_a_length_is_read_whole()
    {
        var text = new string('x', 300_000);
        await using var peer = await StartAsync(async (context, body) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.StartAsync();
            await context.Response.WriteAsync(HttpPeer.Reply(body, $"\"{text}\""));
        });
        using var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon();
        Assert.Equal(text.Length + 2, reply.Result.Length);
    }

    [Fact]
    public async Task Cancelling_aborts_the_request()
    {
        var aborted = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        await using var peer = await StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        using var cancel = new CancellationTokenSource();
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8, default, cancel.Token).AsTask();
        await arrived.Task.Soon();
        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon())).CancellationToken);
        await aborted.Task.Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8, default, cancel.Token).Soon());
    }

    [Fact]
    public async Task In_the_session_era_a_timeout_tells_the_server()
    {
        var time = new ManualTime();
        var notice = new TaskCompletionSource<JsonElement>();
        var arrived = new TaskCompletionSource<JsonElement>();
        await using var peer = await StartAsync(
            async (context, body) =>
            {
                if (body.GetProperty("method").GetString() == "notifications/cancelled")
                {
                    context.Response.StatusCode = 202;
                    notice.SetResult(body);
                    return;
                }

                arrived.SetResult(body);
                var aborted = new TaskCompletionSource();
                await using var registration = context.RequestAborted.Register(aborted.SetResult);
                await aborted.Task;
            },
            ProtocolVersion.V2025_11_25,
            o => o with { TimeProvider = time });
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8, new SendOptions { Timeout = TimeSpan.FromSeconds(3) }).AsTask();
        var request = await arrived.Task.Soon();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TransportFault.TimedOut, (await Assert.ThrowsAsync<McpTransportException>(() => call.Soon())).Fault);
        Assert.Equal(request.GetProperty("id").GetInt64(), (await notice.Task.Soon()).GetProperty("params").GetProperty("requestId").GetInt64());
    }

    [Fact]
    public async Task Disposing_fails_what_is_in_flight()
    {
        var arrived = new TaskCompletionSource();
        await using var peer = await StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            var aborted = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        await arrived.Task.Soon();
        await Task.WhenAll(peer.Connection.DisposeAsync().AsTask(), peer.Connection.DisposeAsync().AsTask()).Soon();
        Assert.Equal(TransportFault.Closed, (await Assert.ThrowsAsync<McpTransportException>(() => call.Soon())).Fault);
    }

    [Fact]
    public async Task Many_calls_share_sockets()
    {
        var ports = new System.Collections.Concurrent.ConcurrentDictionary<int, bool>();
        await using var peer = await StartAsync((context, body) =>
        {
            ports[context.Connection.RemotePort] = true;
            return HttpPeer.ReplyAsync(context, body, body.GetProperty("params").GetRawText());
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async caller =>
        {
            for (var i = 0; i < 50; i++)
            {
                var payload = $$"""{"v":"{{caller}}-{{i}}"}""";
                using var reply = await peer.Connection.SendRequestAsync("echo"u8, Encoding.UTF8.GetBytes(payload)).Soon();
                Assert.Equal(payload, Encoding.UTF8.GetString(reply.Result.Span));
            }
        }));
        Assert.InRange(ports.Count, 1, 8);
    }

    [Fact]
    public void All_faults_of_the_options_are_named_at_once()
    {
        var exception = Assert.Throws<ArgumentException>(() => new HttpConnection(new HttpConnectionOptions
        {
            Endpoint = new Uri("ftp://x/"),
            MaxMessageLength = 0,
            MaxIncomingRequests = 0,
            MaxResumptions = -1,
            Pool = new HttpPoolOptions { ConnectTimeout = TimeSpan.Zero },
            Headers = [new("bad name", "v"), new("X", "a\nb")],
        }));
        foreach (var part in new[] { "Endpoint", "MaxMessageLength", "MaxIncomingRequests", "MaxResumptions", "ConnectTimeout", "'bad name'", "'X'" })
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }
}
