using System.Text;
using System.Text.Json;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Connections;

public sealed class DuplexConnectionTests
{
    [Fact]
    public async Task Each_request_gets_its_own_reply_whatever_the_order()
    {
        await using var peer = LinePeer.Start();
        var first = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        var second = peer.Connection.SendRequestAsync("b"u8, "{}"u8).AsTask();
        var a = await peer.ReadMessageAsync();
        var b = await peer.ReadMessageAsync();
        await peer.ReplyAsync(b, "\"for b\"");
        await peer.ReplyAsync(a, "\"for a\"");
        using var replyA = await first.Soon();
        using var replyB = await second.Soon();
        Assert.Equal("\"for a\"", Text(replyA.Result));
        Assert.Equal("\"for b\"", Text(replyB.Result));
        Assert.Equal(0, replyA.StatusCode);
        Assert.NotEqual(replyA, replyB);
    }

    [Fact]
    public async Task An_error_of_the_peer_is_a_reply_and_no_exception_until_asked()
    {
        await using var peer = LinePeer.Start();
        var call = peer.Connection.SendRequestAsync("a"u8, default(ReadOnlySpan<byte>));
        var request = await peer.ReadMessageAsync();
        await peer.WriteLineAsync($$$"""{"jsonrpc":"2.0","id":{{{request.GetProperty("id")}}},"error":{"message":"no \u0041","code":-32601,"data":[1]}}""");
        var reply = await call.Soon();
        Assert.True(reply.IsError);
        Assert.Equal(-32601, reply.ErrorCode);
        Assert.True(reply.Result.IsEmpty);
        var exception = Assert.Throws<McpPeerException>(() => reply.ThrowIfError());
        Assert.Equal("no A", exception.Message);
        Assert.Equal(-32601, exception.Code);
        Assert.Contains("\"data\":[1]", Text(exception.Error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_must_not_be_used_once_disposed()
    {
        await using var peer = LinePeer.Start();
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8);
        await peer.ReplyAsync(await peer.ReadMessageAsync(), "{}");
        var reply = await call.Soon();
        var copy = reply;
        reply.Dispose();
        reply.Dispose();
        Assert.Throws<ObjectDisposedException>(() => copy.Message);
        Assert.Throws<ObjectDisposedException>(() => default(McpReply).IsError);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_tells_the_peer_and_a_late_reply_is_dropped()
    {
        await using var peer = LinePeer.Start();
        using var cancel = new CancellationTokenSource();
        var call = peer.Connection.SendRequestAsync("slow"u8, "{}"u8, default, cancel.Token).AsTask();
        var request = await peer.ReadMessageAsync();
        await cancel.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        Assert.Equal(cancel.Token, exception.CancellationToken);
        var notice = await peer.ReadMessageAsync();
        Assert.Equal("notifications/cancelled", notice.GetProperty("method").GetString());
        Assert.Equal(request.GetProperty("id").GetInt64(), notice.GetProperty("params").GetProperty("requestId").GetInt64());
        await peer.ReplyAsync(request, "{}");
        await AssertUsableAsync(peer);
        Assert.Equal(1, peer.Connection.Statistics.UnmatchedReplies);
        Assert.Equal(0, peer.Connection.InFlight);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_sends_nothing()
    {
        await using var peer = LinePeer.Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8, default, new CancellationToken(true)).Soon());
        await AssertUsableAsync(peer);
    }

    [Fact]
    public async Task Initialize_is_never_cancelled_at_the_peer()
    {
        await using var peer = LinePeer.Start();
        using var cancel = new CancellationTokenSource();
        var call = peer.Connection.SendRequestAsync("initialize"u8, "{}"u8, default, cancel.Token).AsTask();
        await peer.ReadMessageAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await AssertUsableAsync(peer);
    }

    [Fact]
    public async Task A_request_times_out_by_the_clock_it_was_given()
    {
        var time = new ManualTime();
        await using var peer = LinePeer.Start(new DuplexConnectionOptions { TimeProvider = time });
        var options = new SendOptions { Timeout = TimeSpan.FromSeconds(3) };
        var call = peer.Connection.SendRequestAsync("slow"u8, "{}"u8, options).AsTask();
        await peer.ReadMessageAsync();
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
        Assert.Equal(TransportFault.TimedOut, exception.Fault);
        Assert.True(exception.MayHaveRun);
        Assert.Equal("notifications/cancelled", (await peer.ReadMessageAsync()).GetProperty("method").GetString());

        // The entry comes from the pool again, and its old timer must not end the new request.
        var again = peer.Connection.SendRequestAsync("next"u8, "{}"u8, options);
        var request = await peer.ReadMessageAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await peer.ReplyAsync(request, "{}");
        (await again.Soon()).Dispose();
        time.Advance(TimeSpan.FromSeconds(60));
        await AssertUsableAsync(peer);
    }

    [Fact]
    public async Task Rubbish_doubles_wrong_ids_and_long_lines_do_not_end_the_connection()
    {
        await using var peer = LinePeer.Start(new DuplexConnectionOptions { MaxMessageLength = 1000 });
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8);
        var request = await peer.ReadMessageAsync();
        await peer.WriteLineAsync("Server listening on stdio");
        await peer.WriteLineAsync("{\"jsonrpc\":\"2.0\",\"id\":");
        await peer.WriteLineAsync("");
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":999999,"result":{}}""");
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","id":"1","result":{}}""");
        await peer.WriteLineAsync($$"""{"jsonrpc":"2.0","id":5,"result":"{{new string('x', 2000)}}"}""");
        await peer.WriteLineAsync("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"?"}}""");
        await peer.ReplyAsync(request, "1");
        await peer.ReplyAsync(request, "2");
        using (var reply = await call.Soon())
        {
            Assert.Equal("1", Text(reply.Result));
        }

        await AssertUsableAsync(peer);
        Assert.Equal(new ConnectionStatistics(MalformedMessages: 2, OversizedMessages: 1, UnmatchedReplies: 4), peer.Connection.Statistics);
    }

    [Fact]
    public async Task A_faulty_reply_fails_the_request_it_names()
    {
        await using var peer = LinePeer.Start();
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8);
        var id = (await peer.ReadMessageAsync()).GetProperty("id");
        await peer.WriteLineAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{},"result":{}}""");
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
        Assert.Equal(TransportFault.InvalidReply, exception.Fault);
        await AssertUsableAsync(peer);
    }

    [Fact]
    public async Task A_batch_is_taken_apart()
    {
        await using var peer = LinePeer.Start();
        var first = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        var second = peer.Connection.SendRequestAsync("b"u8, "{}"u8).AsTask();
        var a = (await peer.ReadMessageAsync()).GetProperty("id");
        var b = (await peer.ReadMessageAsync()).GetProperty("id");
        await peer.WriteLineAsync($$$""" [{"jsonrpc":"2.0","id":{{{b}}},"result":{"v":[2]}}, 5, [], {"jsonrpc":"2.0","id":{{{a}}},"result":{"v":[1]}}]""");
        using var replyA = await first.Soon();
        using var replyB = await second.Soon();
        Assert.Equal("""{"v":[1]}""", Text(replyA.Result));
        Assert.Equal("""{"v":[2]}""", Text(replyB.Result));
    }

    [Fact]
    public async Task Half_a_frame_and_the_end_fail_what_is_in_flight()
    {
        await using var peer = LinePeer.Start();
        var calls = Enumerable.Range(0, 5).Select(_ => peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask()).ToArray();
        await peer.ReadMessageAsync();
        await peer.WriteAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"res");
        await peer.EndAsync();
        foreach (var call in calls)
        {
            var exception = await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
            Assert.Equal(TransportFault.ConnectionLost, exception.Fault);
            Assert.True(exception.MayHaveRun);
        }

        await peer.Connection.Completion.Soon();
        var later = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("b"u8, "{}"u8).Soon());
        Assert.False(later.MayHaveRun);
        Assert.Equal(TransportFault.ConnectionLost, later.Fault);
        await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendNotificationAsync("n"u8, default).Soon());
    }

    [Fact]
    public async Task A_last_reply_without_a_line_feed_counts()
    {
        await using var peer = LinePeer.Start();
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8);
        var id = (await peer.ReadMessageAsync()).GetProperty("id");
        await peer.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":true}""");
        await peer.EndAsync();
        using var reply = await call.Soon();
        Assert.Equal("true", Text(reply.Result));
    }

    [Fact]
    public async Task Disposing_fails_what_is_in_flight_and_may_be_repeated()
    {
        var peer = LinePeer.Start();
        var call = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        await peer.ReadMessageAsync();
        await Task.WhenAll(peer.Connection.DisposeAsync().AsTask(), peer.Connection.DisposeAsync().AsTask()).Soon();
        Assert.Equal(TransportFault.Closed, (await Assert.ThrowsAsync<McpTransportException>(() => call.Soon())).Fault);
        var later = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("b"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.Closed, later.Fault);
        Assert.False(later.MayHaveRun);
        Assert.True(peer.Connection.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Notifications_are_sent_on_one_line()
    {
        await using var peer = LinePeer.Start();
        await peer.Connection.SendNotificationAsync("notifications/x"u8, "{\n\"a\":1}"u8).Soon();
        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/x","params":{ "a":1}}""", await peer.ReadAsync());
        await peer.Connection.SendNotificationAsync("notifications/y"u8, default).Soon();
        Assert.Equal("""{"jsonrpc":"2.0","method":"notifications/y"}""", await peer.ReadAsync());
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DuplexConnection.Start(Stream.Null, Stream.Null, "x", new DuplexConnectionOptions { MaxMessageLength = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DuplexConnection.Start(Stream.Null, Stream.Null, "x", new DuplexConnectionOptions { MaxUnsentBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => DuplexConnection.Start(Stream.Null, Stream.Null, "x", new DuplexConnectionOptions { MaxIncomingRequests = 0 }));
    }

    [Fact]
    public async Task Params_that_cannot_be_spliced_into_send_nothing()
    {
        await using var peer = LinePeer.Start();
        await Assert.ThrowsAsync<ArgumentException>(async () => await peer.Connection.SendRequestAsync("a"u8, "[1]"u8, new SendOptions { Meta = "\"a\":1"u8.ToArray() }));
        await AssertUsableAsync(peer);
        Assert.Equal(0, peer.Connection.InFlight);
    }

    internal static async Task AssertUsableAsync(LinePeer peer)
    {
        var call = peer.Connection.SendRequestAsync("still-there"u8, "{}"u8);
        var request = await peer.ReadMessageAsync();
        Assert.Equal("still-there", request.GetProperty("method").GetString());
        await peer.ReplyAsync(request, "\"yes\"");
        using var reply = await call.Soon();
        Assert.Equal("\"yes\"", Text(reply.Result));
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
