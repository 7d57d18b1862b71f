using System.Net;
using System.Text;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Http;

/// <summary>Requests as HTTP: methods, types, bodies and their limits.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task OnlyPostIsTaken(string method)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/mcp"));

        Assert.Equal("POST", Assert.Single(response.Content.Headers.Allow));
        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.MethodNotAllowed)).Code());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/jsonp")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task OtherTypesAreRefused(string? type)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Content-Type", type)));

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.UnsupportedMediaType)).Code());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/json;charset=UTF-8")]
    public async Task JsonMayHaveParameters(string type)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Content-Type", type)));

        Assert.Equal("{}", (await response.JsonAsync()).Text());
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png, text/html;q=0.9")]
    public async Task AClientThatCanReadNeitherFormIsRefused(string accept)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Accept", accept)));

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.NotAcceptable)).Code());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/*")]
    [InlineData("text/event-stream, application/json")]
    [InlineData("text/html, */*;q=0.1")]
    public async Task AClientThatCanReadJsonGetsJson(string? accept)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo"), ("Accept", accept)));

        Assert.Equal("{}", (await response.JsonAsync()).Text());
    }

    [Theory]
    [InlineData("", -32700)]
    [InlineData("{", -32700)]
    [InlineData("nonsense", -32700)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{}", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("null", -32600)]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32602)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/list\"}", -32600)]
    public async Task AMalformedBodyIsABadRequest(string body, int code)
    {
        await using var site = await TestSite.StartAsync();
        foreach (var version in new[] { null, "2025-03-26", "2026-07-28", "v999" })
        {
            using var response = await site.Client.SendAsync(TestSite.Post(body, ("MCP-Protocol-Version", version)));

            Assert.Equal(code, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
        }

        using var next = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        Assert.Equal("{}", (await next.JsonAsync()).Text());
        Assert.Equal("", string.Join("\n", site.Log.All));
    }

    [Fact]
    public async Task TheParseErrorComesBeforeTheHeaders()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.PostStateless("other", "x", "{"));

        Assert.Equal(-32700, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", "2025-11-25")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", "2025-03-26")]
    [InlineData("""{"jsonrpc":"2.0","method":"no/such/notification"}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "2025-11-25")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}""", null)]
    public async Task WhatWantsNoAnswerIsAccepted(string body, string? version)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(body, ("MCP-Protocol-Version", version)));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(false, 5000)]
    [InlineData(true, 5000)]
    [InlineData(false, 10_000_000)]
    [InlineData(true, 10_000_000)]
    public async Task ATooLongBodyIsRefusedWhetherItsLengthIsAnnouncedOrNot(bool chunked, int length)
    {
        await using var site = await TestSite.StartAsync(HttpFrontOptions.Default with { MaxMessageBytes = 4096 });
        using var raw = await site.ConnectAsync();
        var head = RawHttp.Head(length);
        if (chunked)
        {
            head = head.Replace($"Content-Length: {length}", "Transfer-Encoding: chunked", StringComparison.Ordinal) + $"{length:x}\r\n";
        }

        // The server may answer, and close, before it has all.
        await raw.SendAsync(head);
        var sending = Task.Run(async () =>
        {
            try
            {
                for (var sent = 0; sent < length; sent += 1000)
                {
                    await raw.SendAsync(new byte[1000]);
                }

                await raw.SendAsync("\r\n0\r\n\r\n");
            }
            catch (System.Net.Sockets.SocketException)
            {
                // That is how one learns of it.
            }
        });

        var response = await raw.ReceiveResponseAsync();
        Assert.StartsWith("HTTP/1.1 413 ", response, StringComparison.Ordinal);
        Assert.Contains("Connection: close", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":-32600", response, StringComparison.Ordinal);
        Assert.Contains("4096", response, StringComparison.Ordinal);
        await sending.WaitAsync(TestSite.Patience);
        Assert.Equal("", string.Join("\n", site.Log.All));
    }

    [Fact]
    public async Task TheLimitMayBeMoreThanTheHostsOwn()
    {
        // Kestrel's own limit is 30,000,000 bytes.
        await using var site = await TestSite.StartAsync(HttpFrontOptions.Default with { MaxMessageBytes = 40_000_000 }, new DelegateTool("length", static call => call.ReturnValue(call.RawArguments.Length)));

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("length", $$"""{"x":"{{new string('x', 31_000_000)}}"}""")));

        Assert.Equal("31000008", (await response.JsonAsync()).Text());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyMayComeInManySegments(bool chunked)
    {
        await using var site = await TestSite.StartAsync();
        using var raw = await site.ConnectAsync();
        var body = Encoding.UTF8.GetBytes(TestSite.Call("echo", """{"message":"é日本"}"""));
        var head = RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: echo");
        await raw.SendAsync(chunked ? head.Replace($"Content-Length: {body.Length}", "Transfer-Encoding: chunked", StringComparison.Ordinal) : head);

        foreach (var b in body)
        {
            await raw.SendAsync(chunked ? [(byte)'1', (byte)'\r', (byte)'\n', b, (byte)'\r', (byte)'\n'] : new[] { b });
        }

        await raw.SendAsync(chunked ? "0\r\n\r\n" : "");
        Assert.Contains("é日本", (await raw.ReceiveResponseAsync()).Replace("\\u00e9", "é", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALongBodyGoesBothWays()
    {
        await using var site = await TestSite.StartAsync();
        var arguments = $$"""{"message":"{{new string('m', 5_000_000)}}"}""";

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo", arguments)));

        Assert.Equal(arguments, (await response.JsonAsync()).Text());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HalfABodyHarmsNobody(bool reset)
    {
        await using var site = await TestSite.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var raw = await site.ConnectAsync();
            await raw.SendAsync(RawHttp.Head(1000, "MCP-Protocol-Version: 2026-07-28") + "{\"jsonrpc\":");
            if (reset)
            {
                raw.Reset();
            }
            else
            {
                raw.EndSending();
                await raw.ReceiveEndAsync();
            }
        }

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("echo")));
        Assert.Equal("{}", (await response.JsonAsync()).Text());
        Assert.Equal("", string.Join("\n", site.Log.All));
    }

    [Fact]
    public async Task ABrokenChunkIsABadRequest()
    {
        await using var site = await TestSite.StartAsync();
        using var raw = await site.ConnectAsync();

        await raw.SendAsync(RawHttp.Head(1).Replace("Content-Length: 1", "Transfer-Encoding: chunked", StringComparison.Ordinal) + "zz\r\n");

        var response = await raw.ReceiveResponseAsync();
        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":-32600", response, StringComparison.Ordinal);
        Assert.Equal("", string.Join("\n", site.Log.All));
    }

    [Fact]
    public async Task ManyRequestsShareAConnection()
    {
        await using var site = await TestSite.StartAsync();
        using var raw = await site.ConnectAsync();
        for (var i = 0; i < 200; i++)
        {
            var body = TestSite.Call("echo", $$"""{"n":{{i}}}""", TestSite.Meta, $"\"id {i}\"");
            await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: echo") + body);
            Assert.Contains($"\"id\":\"id {i}\"", await raw.ReceiveResponseAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FaultyOptionsAreRefusedWithEveryFault()
    {
        var faulty = new HttpFrontOptions { MaxMessageBytes = 5, AllowedHosts = ["", "http://x"], AllowedOrigins = ["not an origin"] };

        var faults = string.Join('\n', faulty.Validate());

        Assert.Equal(4, faulty.Validate().Count);
        Assert.All(new[] { "MaxMessageBytes is 5", "\"http://x\"", "\"not an origin\"" }, fault => Assert.Contains(fault, faults, StringComparison.Ordinal));
        Assert.Empty(HttpFrontOptions.Default.Validate());
    }

    [Fact]
    public async Task MappingWithFaultyOptionsFails() =>
        Assert.Contains("MaxMessageBytes", (await Assert.ThrowsAsync<ArgumentException>(() => TestSite.StartAsync(new HttpFrontOptions { MaxMessageBytes = 5 }))).Message, StringComparison.Ordinal);
}
