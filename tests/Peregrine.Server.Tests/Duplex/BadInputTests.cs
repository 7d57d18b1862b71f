using System.Text;
using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>Whatever comes, the answer is the specification's error, and the next message is answered.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("{", -32700, null)]
    [InlineData("nonsense", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}", -32700, null)]
    [InlineData("{'jsonrpc':'2.0'}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"ping\"}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\\xng\"}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",}", -32700, null)]
    [InlineData("\u0000", -32700, null)]
    [InlineData("[]", -32600, null)]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600, null)]
    [InlineData("null", -32600, null)]
    [InlineData("42", -32600, null)]
    [InlineData("\"ping\"", -32600, null)]
    [InlineData("{}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600, "1")]
    [InlineData("{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}", -32600, "1")]
    [InlineData("{\"id\":1,\"method\":\"ping\"}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1e2,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32602, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":\"x\"}", -32602, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}", -32602, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"_meta\":[]}}", -32602, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"_meta\":null}}", -32602, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/list\"}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"m\\u0065thod\":\"tools/list\"}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"n\\u0061me\":\"fail\"}}", -32600, "1")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"_meta\":{\"progressToken\":1,\"progressToken\":2}}}", -32600, "1")]
    public async Task GetsTheErrorAndTheConnectionGoesOn(string message, int code, string? id)
    {
        foreach (var wire in new[] { Wire.Stream, Wire.Stdio })
        {
            await using var peer = TestPeer.Start(TestServer.With(), wire);

            var reply = await peer.AskAsync(message);

            Assert.Equal(code, reply.Code());
            Assert.Equal(id, reply.TryGetProperty("id", out var found) ? found.GetRawText() : null);
            Assert.NotEmpty(reply.Explanation());
            await peer.AssertQuietAsync();
        }
    }

    [Fact]
    public async Task AfterAnOlderHandshakeAnUnreadableIdIsNull()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        await peer.AskAsync(Messages.Initialize("2025-06-18"));

        Assert.Equal("null", (await peer.AskAsync("{")).GetProperty("id").GetRawText());
    }

    [Fact]
    public async Task BytesThatAreNotUtf8AreAParseError()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        foreach (byte[] wrong in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82] })
        {
            byte[] message = [.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""u8, .. wrong, .. "\"}\n"u8];
            await peer.SendRawAsync(message);
            Assert.Equal(-32700, (await peer.ReceiveAsync()).Code());
        }

        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    [InlineData(100_000, true)]
    public async Task DeepNestingIsRefused(int depth, bool refused)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        // Message, params, arguments and then arrays.
        var arguments = $$"""{"message":"deep","x":{{new string('[', depth - 3)}}{{new string(']', depth - 3)}}}""";
        var reply = await peer.AskAsync(Messages.Call("echo", "1", arguments));

        if (refused)
        {
            Assert.Equal(-32700, reply.Code());
        }
        else
        {
            Assert.Equal("deep", reply.Text());
        }

        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AnOversizedMessageIsSkippedWithoutBeingGathered(Wire wire)
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(TestServer.With(), wire, DuplexOptions.Default with { MaxMessageBytes = 1024 }, log);
        var fits = Messages.Call("echo", "1", $$"""{"message":"{{new string('x', 900)}}"}""");

        Assert.Equal(900, (await peer.AskAsync(fits)).Text().Length);

        var reply = await peer.AskAsync(new string('y', 300_000));
        Assert.Equal(-32600, reply.Code());
        Assert.Contains("1024", reply.Explanation(), StringComparison.Ordinal);
        Assert.Single(log.All, static record => record.Event == "MessageOversized");
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task TheLimitIsExact()
    {
        await using var peer = TestPeer.Start(TestServer.With(), Wire.Stream, DuplexOptions.Default with { MaxMessageBytes = 1024 });
        var frame = Messages.Call("echo", "1", """{"message":""}""").Length;
        string OfLength(int length) => Messages.Call("echo", "1", $$"""{"message":"{{new string('x', length - frame)}}"}""");

        Assert.False((await peer.AskAsync(OfLength(1024))).TryGetProperty("error", out _));
        Assert.Equal(-32600, (await peer.AskAsync(OfLength(1025))).Code());
        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task MessagesMayComeInAnyPieces(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);
        var bytes = Encoding.UTF8.GetBytes(Messages.Call("echo", "1", """{"message":"é日本"}""") + "\r\n\n\r\n" + Messages.Call("echo", "2", """{"message":"two"}""") + "\n");
        foreach (var b in bytes)
        {
            await peer.SendRawAsync(new[] { b });
        }

        var replies = new[] { await peer.ReceiveAsync(), await peer.ReceiveAsync() };

        Assert.Equal(["two", "é日本"], replies.Select(static reply => reply.Text()).Order(StringComparer.Ordinal));
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task EveryPrefixOfAMessageGetsOneError()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        var message = Messages.StatelessCall("echo", "1", """{"message":"\u00e9"}""");

        for (var length = 1; length < message.Length; length++)
        {
            Assert.Equal(-32700, (await peer.AskAsync(message[..length])).Code());
        }

        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":99,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":99,"error":{"code":-1,"message":"no"}}""")]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":-1,"message":"no"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/nobody/knows","params":{"a":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"never seen"}}""")]
    public async Task WhatWantsNoAnswerGetsNone(string message)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        await peer.SendAsync(message);

        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AFloodOfNotificationsIsRead(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}""" + "\n", 100)));

        for (var i = 0; i < 500; i++)
        {
            await peer.SendRawAsync(chunk);
        }

        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AFloodOfRubbishFloodsNoLog()
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(TestServer.With(), Wire.Stream, null, log);

        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(-32700, (await peer.AskAsync("{")).Code());
        }

        Assert.DoesNotContain(log.All, static record => record.Level > Microsoft.Extensions.Logging.LogLevel.Debug);
    }
}
