using System.Text;
using System.Text.Json;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Transport.Tests.Connections;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Many_callers_share_a_connection_and_nobody_gets_anothers_reply()
    {
        await using var peer = LinePeer.Start();
        var echo = EchoAsync(peer);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            for (var i = 0; i < 200; i++)
            {
                var payload = $$"""{"v":"{{caller}}-{{i}}"}""";
                using var reply = await peer.Connection.SendRequestAsync("echo"u8, Encoding.UTF8.GetBytes(payload)).Soon();
                Assert.Equal(payload, Encoding.UTF8.GetString(reply.Result.Span));
            }
        }));
        await peer.Connection.DisposeAsync();
        await echo.Soon();
    }

    [Fact]
    public async Task Cancel_and_reply_may_meet_and_each_call_ends_once()
    {
        await using var peer = LinePeer.Start();
        var echo = EchoAsync(peer);
        var random = new Random(20261121);
        int replied = 0, cancelled = 0;

        // Whoever wins lets the other begin a little earlier next time: how long a reply takes depends on what else the machine does.
        var longest = 4000;
        for (var i = 0; i < 10_000; i++)
        {
            using var cancel = new CancellationTokenSource();
            var payload = $$"""{"v":{{i}}}""";
            var call = peer.Connection.SendRequestAsync("echo"u8, Encoding.UTF8.GetBytes(payload), default, cancel.Token).AsTask();
            var spins = random.Next(0, longest);
            var canceller = Task.Run(() =>
            {
                Thread.SpinWait(spins);
                cancel.Cancel();
            });
            try
            {
                using var reply = await call.Soon();
                Assert.Equal(payload, Encoding.UTF8.GetString(reply.Result.Span));
                replied++;
                longest -= longest / 32;
            }
            catch (OperationCanceledException exception)
            {
                Assert.Equal(cancel.Token, exception.CancellationToken);
                cancelled++;
                longest = Math.Min(longest + (longest / 32), 400_000);
            }

            await canceller;
        }

        Assert.Equal(0, peer.Connection.InFlight);
        Assert.Equal(10_000, replied + cancelled);

        // A race that always has the same winner was none.
        Assert.True(replied > 50 && cancelled > 50, $"{replied} replied, {cancelled} cancelled");
        using (var last = await peer.Connection.SendRequestAsync("echo"u8, "{\"v\":true}"u8).Soon())
        {
            Assert.Equal("{\"v\":true}", Encoding.UTF8.GetString(last.Result.Span));
        }

        await peer.Connection.DisposeAsync();
        await echo.Soon();
    }

    [Fact]
    public async Task Loss_and_replies_may_meet_and_every_call_ends()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var peer = LinePeer.Start();
            var echo = EchoAsync(peer, endAfter: round * 7 % 200);
            var calls = Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
            {
                try
                {
                    using var reply = await peer.Connection.SendRequestAsync("echo"u8, "{}"u8);
                    return true;
                }
                catch (McpTransportException exception) when (exception.Fault == TransportFault.ConnectionLost)
                {
                    return false;
                }
            })).ToArray();
            await Task.WhenAll(calls).Soon();
            await echo.Soon();
            Assert.Equal(0, peer.Connection.InFlight);
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_read_makes_senders_wait_and_cancelling_still_works()
    {
        var (client, server) = InMemoryStreams.Create();
        await using var connection = DuplexConnection.Start(
            client.Input, client.Output, "slow", new DuplexConnectionOptions { MaxUnsentBytes = 64 * 1024 });
        var big = Encoding.UTF8.GetBytes($$"""{"v":"{{new string('x', 50_000)}}"}""");
        using var cancel = new CancellationTokenSource();

        // The pipe takes 64 KiB, the connection as much again: the rest waits.
        var calls = Enumerable.Range(0, 8).Select(_ => connection.SendRequestAsync("big"u8, big, default, cancel.Token).AsTask()).ToArray();
        var notice = connection.SendNotificationAsync("late"u8, default).AsTask();
        Assert.False(notice.IsCompleted);
        Assert.Equal(8, connection.InFlight);
        await cancel.CancelAsync();
        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        }

        Assert.False(notice.IsCompleted);
        using var reader = new StreamReader(server.Input);
        var methods = new HashSet<string?>();
        while (!methods.Contains("late"))
        {
            var line = await reader.ReadLineAsync().WaitAsync(TestTime.Limit);
            methods.Add(JsonElement.Parse(line!).GetProperty("method").GetString());
        }

        await notice.Soon();
        Assert.Contains("notifications/cancelled", methods);
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_is_told_when_the_connection_ends()
    {
        var (client, server) = InMemoryStreams.Create();
        var connection = DuplexConnection.Start(client.Input, client.Output, "slow", new DuplexConnectionOptions { MaxUnsentBytes = 1 });
        var big = Encoding.UTF8.GetBytes($$"""{"v":"{{new string('x', 100_000)}}"}""");
        var first = connection.SendRequestAsync("a"u8, big).AsTask();
        var second = connection.SendRequestAsync("b"u8, big).AsTask();
        var notice = connection.SendNotificationAsync("n"u8, default).AsTask();
        await server.Output.DisposeAsync();
        await Assert.ThrowsAsync<McpTransportException>(() => first.Soon());
        await Assert.ThrowsAsync<McpTransportException>(() => second.Soon());
        Assert.Equal(TransportFault.ConnectionLost, (await Assert.ThrowsAsync<McpTransportException>(() => notice.Soon())).Fault);
        await server.Input.DisposeAsync();
        await connection.DisposeAsync().Soon();
    }

    [Fact]
    public async Task A_stream_that_cannot_be_written_ends_the_connection()
    {
        var (client, server) = InMemoryStreams.Create();
        var time = new ManualTime();
        await using var connection = DuplexConnection.Start(client.Input, new BrokenStream(), "broken", new DuplexConnectionOptions { TimeProvider = time });
        var call = connection.SendRequestAsync("a"u8, "{}"u8).AsTask();

        // The reader gets a second to find out by itself what the peer's last words were.
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TransportFault.ConnectionLost, (await Assert.ThrowsAsync<McpTransportException>(() => call.Soon())).Fault);
        await connection.Completion.Soon();
        await server.Output.DisposeAsync();
    }

    private static async Task EchoAsync(LinePeer peer, int endAfter = int.MaxValue)
    {
        try
        {
            for (var i = 0; i < endAfter && await peer.ReadAsync() is { } line; i++)
            {
                var message = JsonElement.Parse(line);
                if (message.TryGetProperty("id", out _))
                {
                    await peer.ReplyAsync(message, message.GetProperty("params").GetRawText());
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The connection was closed while a reply was written.
        }

        await peer.EndAsync();
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("planted"));
    }
}
