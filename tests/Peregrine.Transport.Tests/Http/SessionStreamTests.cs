using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Http;

/// <summary>The stream of the session era on which a server says what belongs to no request.</summary>
public sealed class SessionStreamTests
{
    private const string Session = "s-1";

    [Fact]
    public async Task It_is_kept_open_taken_up_again_and_ends_with_the_session()
    {
        var time = new ManualTime();
        var asked = Channel.CreateUnbounded<(string Session, string LastEventId)>();
        var streams = 0;
        await using var peer = await RawPeer.StartAsync(
            async (context, body) =>
            {
                if (context.Request.Method == "GET")
                {
                    await asked.Writer.WriteAsync((context.Request.Headers["Mcp-Session-Id"].ToString(), context.Request.Headers["Last-Event-ID"].ToString()));
                    switch (++streams)
                    {
                        case 1:
                            await HttpPeer.EventAsync(context, """id: e7""" + "\nretry: 500\n" + """data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""" + "\n\n");
                            return;
                        case 2:
                            context.Response.StatusCode = 503;
                            return;
                        default:
                            context.Response.StatusCode = 404;
                            return;
                    }
                }

                context.Response.Headers["Mcp-Session-Id"] = Session;
                await RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body));
            },
            options => options with { TimeProvider = time },
            ProtocolVersion.V2025_11_25);
        var handler = new Seen();
        peer.Connection.Handler = handler;
        (await peer.Connection.SendRequestAsync("initialize"u8, "{}"u8).Soon()).Dispose();

        peer.Connection.OpenEventStream();
        peer.Connection.OpenEventStream();

        Assert.Equal((Session, ""), await asked.Reader.ReadAsync().AsTask().Soon());
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(500)).Soon();
        Assert.Equal([McpMethod.NotificationsToolsListChanged], handler.Methods);
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal((Session, "e7"), await asked.Reader.ReadAsync().AsTask().Soon());
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(1)).Soon();
        Assert.False(peer.Connection.Completion.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Session, "e7"), await asked.Reader.ReadAsync().AsTask().Soon());
        await peer.Connection.Completion.Soon();
    }

    [Fact]
    public async Task A_server_without_it_is_asked_once()
    {
        var asked = 0;
        var refused = new TaskCompletionSource();
        await using var peer = await RawPeer.StartAsync(
            (context, _) =>
            {
                context.Response.StatusCode = 405;
                asked++;
                refused.TrySetResult();
                return Task.CompletedTask;
            },
            version: ProtocolVersion.V2025_06_18);
        peer.Connection.OpenEventStream();
        await refused.Task.Soon();
        await peer.Connection.DisposeAsync();
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task In_the_stateless_era_there_is_none()
    {
        var methods = new ConcurrentQueue<string>();
        await using var peer = await RawPeer.StartAsync((context, body) =>
        {
            methods.Enqueue(context.Request.Method);
            return RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body));
        });
        peer.Connection.OpenEventStream();
        (await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon()).Dispose();
        Assert.Equal(["POST"], methods);
    }

    private sealed class Seen : IncomingHandler
    {
        internal ConcurrentQueue<McpMethod> Methods { get; } = new();

        public override void OnNotification(in IncomingNotification notification) => Methods.Enqueue(notification.Method);
    }
}
