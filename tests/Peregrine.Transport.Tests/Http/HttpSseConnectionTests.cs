using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

public sealed class HttpSseConnectionTests
{
    [Fact]
    public async Task Requests_go_out_as_posts_and_replies_come_on_the_stream()
    {
        var server = new Server("/post?session=1");
        await using var peer = await RawPeer.StartAsync(server.AnswerAsync);
        await using var connection = await HttpSseConnection.OpenAsync(peer.Options);
        connection.Version = ProtocolVersion.V2024_11_05;

        var calls = Enumerable.Range(0, 50).Select(i => connection.SendRequestAsync("echo"u8, Encoding.UTF8.GetBytes($"{{\"n\":{i}}}")).AsTask()).ToArray();
        for (var i = 0; i < calls.Length; i++)
        {
            using var reply = await calls[i].Soon();
            Assert.Equal($"{{\"n\":{i}}}", Encoding.UTF8.GetString(reply.Result.Span));
        }

        await connection.SendNotificationAsync("notifications/initialized"u8, default);
        Assert.All(server.Paths, static path => Assert.Equal("/post?session=1", path));
        Assert.True(connection.Pool.Requests >= 51);
    }

    [Fact]
    public async Task A_refused_post_fails_its_request_and_no_other()
    {
        var server = new Server("/post");
        await using var peer = await RawPeer.StartAsync(server.AnswerAsync);
        await using var connection = await HttpSseConnection.OpenAsync(peer.Options);
        server.Refuses = true;
        using (var reply = await connection.SendRequestAsync("echo"u8, "{}"u8).Soon())
        {
            Assert.True(reply.IsError);
            Assert.Contains("HTTP 400", Encoding.UTF8.GetString(reply.Error.Span), StringComparison.Ordinal);
        }

        server.Refuses = false;
        using var next = await connection.SendRequestAsync("echo"u8, "{}"u8).Soon();
        Assert.False(next.IsError);
    }

    [Fact]
    public async Task The_end_of_the_stream_is_a_loss()
    {
        var server = new Server("/post") { IsSilent = true };
        await using var peer = await RawPeer.StartAsync(server.AnswerAsync);
        await using var connection = await HttpSseConnection.OpenAsync(peer.Options);
        var call = connection.SendRequestAsync("echo"u8, "{}"u8).AsTask();
        server.End();
        Assert.Equal(TransportFault.ConnectionLost, (await Assert.ThrowsAsync<McpTransportException>(() => call.Soon())).Fault);
        await connection.Completion.Soon();
    }

    [Theory]
    [InlineData("http://127.0.0.2:1/post", "another origin")]
    [InlineData(null, "names no address")]
    public async Task An_address_elsewhere_or_none_is_refused(string? address, string expected)
    {
        var server = new Server(address);
        await using var peer = await RawPeer.StartAsync(server.AnswerAsync);
        server.End();
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => HttpSseConnection.OpenAsync(peer.Options).Soon());
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_event_stream_is_refused()
    {
        await using var peer = await RawPeer.StartAsync(static (context, _) => context.Response.WriteAsync("hello"));
        Assert.Equal(TransportFault.InvalidReply, (await Assert.ThrowsAsync<McpTransportException>(() => HttpSseConnection.OpenAsync(peer.Options).Soon())).Fault);
    }

#pragma warning disable CA1001 // Nobody waits on the semaphore's handle, and nothing else is to be disposed.
    private sealed class Server(string? address)
#pragma warning restore CA1001
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _writing = new(1, 1);
        private HttpContext? _stream;

        internal ConcurrentQueue<string> Paths { get; } = new();

        internal bool Refuses { get; set; }

        internal bool IsSilent { get; init; }

        internal void End() => _ended.TrySetResult();

        internal async Task AnswerAsync(HttpContext context, byte[] body)
        {
            if (context.Request.Method == "GET")
            {
                _stream = context;
                await HttpPeer.EventAsync(context, address is null ? ": nothing\n\n" : $"event: endpoint\ndata: {address}\n\n");
                await using var aborted = context.RequestAborted.Register(End);
                await _ended.Task;
                return;
            }

            Paths.Enqueue(context.Request.Path + context.Request.QueryString);
            context.Response.StatusCode = Refuses ? 400 : 202;
            var message = JsonDocument.Parse(body).RootElement;
            if (Refuses || IsSilent || !message.TryGetProperty("id", out _))
            {
                return;
            }

            var parameters = message.TryGetProperty("params", out var given) ? given.GetRawText() : "{}";
            await _writing.WaitAsync();
            await HttpPeer.EventAsync(_stream!, $"event: message\ndata: {RawPeer.Reply(Encoding.UTF8.GetString(body), parameters)}\n\n");
            _writing.Release();
        }
    }
}
