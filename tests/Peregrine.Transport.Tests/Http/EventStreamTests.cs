using System.Text;
using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Http;

public class EventStreamTests : OverBothTests
{
    [Fact]
    public async Task Notifications_come_before_the_reply()
    {
        await using var peer = await StartAsync(async (context, body) =>
        {
            var token = body.GetProperty("params").GetProperty("_meta").GetProperty("progressToken");
            await HttpPeer.EventAsync(context, ": hello\n\nevent: other\ndata: {}\n\n");
            await HttpPeer.EventAsync(context, $$$"""data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":1}}""" + "\n\n");
            await HttpPeer.EventAsync(context, """data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine?"}}""" + "\r\n\r\n");
            await HttpPeer.EventAsync(context, """data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}""" + "\n\n");
            await HttpPeer.EventAsync(context, "data: rubbish\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n\n");
            await HttpPeer.EventAsync(context, $"data: {HttpPeer.Reply(body, "{\"a\":1}")}\n\n");
        });
        List<string> progress = [];
        List<McpMethod> others = [];
        var options = new SendOptions
        {
            OnProgress = (in IncomingNotification n) => progress.Add(Encoding.UTF8.GetString(n.Parameters)),
            OnNotification = (in IncomingNotification n) => others.Add(n.Method),
        };
        using var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8, options).Soon();
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(reply.Result.Span));
        Assert.Single(progress);
        Assert.Equal([McpMethod.NotificationsProgress, McpMethod.NotificationsMessage], others);
        Assert.Equal(1, peer.Connection.Statistics.MalformedMessages);
    }

    [Fact]
    public async Task Without_a_callback_the_connections_handler_gets_them_and_may_throw()
    {
        await using var peer = await StartAsync(async (context, body) =>
        {
            await HttpPeer.EventAsync(context, """data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}""" + "\n\n");
            await HttpPeer.EventAsync(context, $"data: {HttpPeer.Reply(body, "1")}\n\n");
        });
        var handler = new ThrowingHandler();
        peer.Connection.Handler = handler;
        (await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon()).Dispose();
        Assert.Equal(1, handler.Seen);
    }

    [Fact]
    public async Task The_reply_ends_the_reading_though_the_stream_stays_open()
    {
        var aborted = new TaskCompletionSource();
        await using var peer = await StartAsync(async (context, body) =>
        {
            await HttpPeer.EventAsync(context, $"data: {HttpPeer.Reply(body, "1")}\n\n");
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        using (var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon())
        {
            Assert.Equal("1", Encoding.UTF8.GetString(reply.Result.Span));
        }

        await aborted.Task.Soon();
    }

    [Fact]
    public async Task A_request_of_the_server_is_answered_by_a_post()
    {
        var answer = new TaskCompletionSource<JsonElement>();
        await using var peer = await StartAsync(
            async (context, body) =>
            {
                if (!body.TryGetProperty("method", out _))
                {
                    context.Response.StatusCode = 202;
                    answer.SetResult(body);
                    return;
                }

                await HttpPeer.EventAsync(context, """data: {"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{}}""" + "\n\n");
                var said = await answer.Task;
                await HttpPeer.EventAsync(context, $"data: {HttpPeer.Reply(body, said.GetProperty("result").GetRawText())}\n\n");
            },
            ProtocolVersion.V2025_11_25);
        peer.Connection.Handler = new AnsweringHandler();
        using var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon();
        Assert.Equal("{\"action\":\"accept\"}", Encoding.UTF8.GetString(reply.Result.Span));
    }

    [Fact]
    public async Task An_oversized_event_is_skipped()
    {
        await using var peer = await StartAsync(
            async (context, body) =>
            {
                await HttpPeer.EventAsync(context, $"data: \"{new string('x', 50_000)}\"\n\n");
                await HttpPeer.EventAsync(context, $"data: {HttpPeer.Reply(body, "1")}\n\n");
            },
            change: static o => o with { MaxMessageLength = 10_000 });
        (await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon()).Dispose();
        Assert.Equal(1, peer.Connection.Statistics.OversizedMessages);
    }

    [Fact]
    public async Task A_stream_that_ends_before_the_reply_is_a_loss()
    {
        await using var peer = await StartAsync(static (context, _) => HttpPeer.EventAsync(context, "id: 1\ndata:\n\n"));
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.ConnectionLost, exception.Fault);
        Assert.True(exception.MayHaveRun);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_the_session_era_a_numbered_stream_is_taken_up_again(bool broken)
    {
        var time = new ManualTime();
        var reply = "";
        List<string> asked = [];
        await using var peer = await StartAsync(
            async (context, body) =>
            {
                if (context.Request.Method == "POST")
                {
                    reply = HttpPeer.Reply(body, "\"late\"");
                    await HttpPeer.EventAsync(context, "id: e1\nretry: 250\ndata:\n\n");
                    if (broken)
                    {
                        // The server then closes without ending the body properly.
                        throw new IOException("planted");
                    }

                    return;
                }

                asked.Add((string?)context.Request.Headers["Last-Event-ID"] ?? "");
                await HttpPeer.EventAsync(context, asked.Count == 1 ? "id: e2\ndata:\n\n" : $"id: e3\ndata: {reply}\n\n");
            },
            ProtocolVersion.V2025_11_25,
            o => o with { TimeProvider = time });
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(250));
        time.Advance(TimeSpan.FromMilliseconds(250));
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(250));
        time.Advance(TimeSpan.FromMilliseconds(250));
        using var result = await call.Soon();
        Assert.Equal("\"late\"", Encoding.UTF8.GetString(result.Result.Span));
        Assert.Equal(["e1", "e2"], asked);
    }

    private sealed class ThrowingHandler : IncomingHandler
    {
        public int Seen { get; private set; }

        public override void OnNotification(in IncomingNotification notification)
        {
            Seen++;
            throw new InvalidOperationException("planted");
        }
    }

    private sealed class AnsweringHandler : IncomingHandler
    {
        public override ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken)
        {
            request.Complete("{\"action\":\"accept\"}"u8);
            return default;
        }
    }
}
