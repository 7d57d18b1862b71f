using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

public class CompressionTests : OverBothTests
{
    private static readonly string Long = JsonSerializer.Serialize(new { text = string.Concat(Enumerable.Repeat("some text that repeats ", 200)) });

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_long_message_is_compressed_once_the_server_has_offered_that(string coding)
    {
        List<(string Coding, long Length, string Message)> seen = [];
        await using var peer = await StartRawAsync(async (context, body) =>
        {
            var sent = context.Request.Headers.ContentEncoding.ToString();
            var message = Inflate(sent, body);
            seen.Add((sent, body.Length, message));
            context.Response.Headers["Accept-Encoding"] = $"{coding}, identity";
            await RawPeer.ReplyAsync(context, message);
        });

        (await peer.Connection.SendRequestAsync("first"u8, Encoding.UTF8.GetBytes(Long)).Soon()).Dispose();
        (await peer.Connection.SendRequestAsync("short"u8, "{}"u8).Soon()).Dispose();
        (await peer.Connection.SendRequestAsync("long"u8, Encoding.UTF8.GetBytes(Long)).Soon()).Dispose();

        Assert.Equal(["", "", coding], seen.Select(static one => one.Coding));
        Assert.Equal(seen[0].Message.Length, seen[2].Message.Length + 1);
        Assert.Contains("some text that repeats some text", seen[2].Message, StringComparison.Ordinal);
        Assert.InRange(seen[2].Length, 1, Long.Length / 10);
    }

    [Theory]
    [InlineData("br;q=0, gzip;q=0.0")]
    [InlineData("deflate, identity")]
    public async Task What_the_server_does_not_take_is_not_sent(string offered)
    {
        List<string> seen = [];
        await using var peer = await StartRawAsync(async (context, body) =>
        {
            seen.Add(context.Request.Headers.ContentEncoding.ToString());
            context.Response.Headers["Accept-Encoding"] = offered;
            await RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body));
        });
        for (var i = 0; i < 2; i++)
        {
            (await peer.Connection.SendRequestAsync("a"u8, Encoding.UTF8.GetBytes(Long)).Soon()).Dispose();
        }

        Assert.Equal(["", ""], seen);
    }

    [Fact]
    public async Task A_server_that_refuses_the_coding_gets_the_same_message_plain()
    {
        List<string> seen = [];
        await using var peer = await StartRawAsync(async (context, body) =>
        {
            seen.Add(context.Request.Headers.ContentEncoding.ToString());
            if (seen.Count == 1)
            {
                context.Response.Headers["Accept-Encoding"] = "br";
            }
            else if (seen[^1].Length > 0)
            {
                context.Response.StatusCode = 415;
                return;
            }

            await RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body));
        });
        for (var i = 0; i < 3; i++)
        {
            using var reply = await peer.Connection.SendRequestAsync("a"u8, Encoding.UTF8.GetBytes(Long)).Soon();
            Assert.False(reply.IsError);
        }

        Assert.Equal(["", "br", "", ""], seen);
    }

    [Theory]
    [InlineData("br", false)]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    public async Task A_compressed_reply_is_read(string coding, bool isStream)
    {
        await using var peer = await StartRawAsync(async (context, body) =>
        {
            Assert.Equal("br, gzip", context.Request.Headers.AcceptEncoding);
            var reply = RawPeer.Reply(Encoding.UTF8.GetString(body), Long);
            context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.Body.WriteAsync(Deflate(coding, isStream ? $"data: {reply}\n\n" : reply));
        });
        using var reply = await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon();
        Assert.Equal(Long, Encoding.UTF8.GetString(reply.Result.Span));
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    [InlineData("br", false)]
    public async Task A_bomb_is_refused(string coding, bool isStream)
    {
        var bomb = Deflate(coding, (isStream ? "data: " : "") + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"" + new string('x', 10_000_000));
        Assert.InRange(bomb.Length, 1, 10 * 1024);
        await using var peer = await StartRawAsync(async (context, _) =>
        {
            context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.Body.WriteAsync(bomb);
        });
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.ReplyTooLong, exception.Fault);
        Assert.Contains("compressed", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", TransportFault.ConnectionLost)]
    [InlineData("zstd", TransportFault.InvalidReply)]
    public async Task A_damaged_body_or_another_coding_is_an_error(string coding, TransportFault fault)
    {
        await using var peer = await StartRawAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.WriteAsync("no such coding");
        });
        Assert.Equal(fault, (await Assert.ThrowsAsync<McpTransportException>(() => peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon())).Fault);
    }

    [Fact]
    public async Task Without_compression_none_is_asked_for_and_none_is_sent()
    {
        List<string> seen = [];
        await using var peer = await StartRawAsync(
            async (context, body) =>
            {
                seen.Add($"{context.Request.Headers.AcceptEncoding}{context.Request.Headers.ContentEncoding}");
                context.Response.Headers["Accept-Encoding"] = "br";
                await RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body));
            },
            static options => options with { Compression = false });
        for (var i = 0; i < 2; i++)
        {
            (await peer.Connection.SendRequestAsync("a"u8, Encoding.UTF8.GetBytes(Long)).Soon()).Dispose();
        }

        Assert.Equal(["", ""], seen);
    }

    private static byte[] Deflate(string coding, string text)
    {
        using var target = new MemoryStream();
        using (Stream stream = coding == "br" ? new BrotliStream(target, CompressionLevel.Optimal) : new GZipStream(target, CompressionLevel.Optimal))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return target.ToArray();
    }

    private static string Inflate(string coding, byte[] body)
    {
        using Stream stream = coding switch
        {
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => new MemoryStream(body),
        };
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
