using System.Text;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>Connections of clients of 2024-11-05 to 2025-11-25.</summary>
public sealed class SessionEraTests
{
    [Theory]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("2099-01-01", "2025-11-25")]
    [InlineData("v999", "2025-11-25")]
    [InlineData("", "2025-11-25")]
    public async Task InitializeAgreesOnAVersionOfTheEra(string requested, string agreed)
    {
        await using var peer = TestPeer.Start(TestServer.Describe().Configure(o => o with { Instructions = "Be \"kind\"." }).Build());

        var result = (await peer.AskAsync(Messages.Initialize(requested))).Result();

        Assert.Equal(agreed, result.GetProperty("protocolVersion").GetString());
        Assert.Equal("test-server", result.GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Equal("1.2.3", result.GetProperty("serverInfo").GetProperty("version").GetString());
        Assert.Equal("Be \"kind\".", result.GetProperty("instructions").GetString());
        Assert.True(result.GetProperty("capabilities").TryGetProperty("tools", out _));
        Assert.False(result.TryGetProperty("resultType", out _));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"protocolVersion":20251125}""")]
    [InlineData("""{"protocolVersion":null}""")]
    [InlineData("""{"protocolVersion":["2025-11-25"]}""")]
    public async Task InitializeWithoutAVersionIsRefused(string parameters)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request("initialize", "1", parameters))).Code());
        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task ACompleteConversationWorks(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);

        await peer.AskAsync(Messages.Initialize("2025-11-25"));
        await peer.SendAsync(Messages.Initialized);
        var list = (await peer.AskAsync(Messages.Request("tools/list"))).Result();
        var called = await peer.AskAsync(Messages.Call("echo", "2", """{"message":"hello"}"""));
        await peer.AssertQuietAsync();
        await peer.EndAsync();

        Assert.Equal("echo", Assert.Single(list.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("hello", called.Text());
        Assert.False(called.Result().TryGetProperty("resultType", out _));
        Assert.False(called.Result().TryGetProperty("_meta", out _));
    }

    [Theory]
    [InlineData("""{"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true},"sampling":{}},"clientInfo":{"name":"n","version":"2","title":"T"}}""", "n 2 T True True False")]
    [InlineData("""{ "x" : [ { "clientInfo" : { "name" : "wrong" } } ] , "client\u0049nfo" : { "title" : "T" , "name" : "n" } , "protocolVersion" : "2025-11-25" , "capabilities" : { "elicitation" : { } } }""",
        "n  T False False True")]
    [InlineData("""{"protocolVersion":"2025-11-25","capabilities":[],"clientInfo":"n"}""", "   False False False")]
    [InlineData("""{"protocolVersion":"2025-11-25","capabilities":{"roots":7,"sampling":null},"clientInfo":{"name":7,"version":"\ud800"}}""", "   False False False")]
    [InlineData("""{"protocolVersion":"2025-11-25"}""", "   False False False")]
    public async Task WhatTheClientSaysOfItselfIsKnownToItsCalls(string parameters, string known)
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("who", static call => call.ReturnText(
            $"{call.ClientInfo?.Name} {call.ClientInfo?.Version} {call.ClientInfo?.Title} {call.Client.RootsListChanged} {call.Client.Sampling} {call.Client.ElicitationForm}"))));
        await peer.AskAsync(Messages.Request("initialize", "0", parameters));

        Assert.Equal(known, (await peer.AskAsync(Messages.Call("who", "1"))).Text());
        Assert.Equal(known, (await peer.AskAsync(Messages.Call("who", "2"))).Text());
    }

    [Fact]
    public async Task ACallWithoutInitializeIsServed()
    {
        await using var peer = TestPeer.Start(TestServer.With());

        Assert.Equal("x", (await peer.AskAsync(Messages.Call("echo", "1", """{"message":"x"}"""))).Text());
    }

    [Theory]
    [InlineData("tasks/list")]
    [InlineData("tasks/result")]
    [InlineData("sampling/createMessage")]
    [InlineData("elicitation/create")]
    [InlineData("roots/list")]
    [InlineData("notifications/progress")]
    [InlineData("no/such/method")]
    [InlineData("")]
    [InlineData("resources/list")]
    [InlineData("prompts/get")]
    [InlineData("completion/complete")]
    [InlineData("resources/subscribe")]
    public async Task WhatTheServerDoesNotOfferIsNotFound(string method)
    {
        await using var peer = TestPeer.Start(TestServer.With());
        await peer.AskAsync(Messages.Initialize("2025-06-18"));

        var reply = await peer.AskAsync(Messages.Request(method, "7"));

        Assert.Equal(-32601, reply.Code());
        Assert.Contains(method, reply.Explanation(), StringComparison.Ordinal);
        Assert.Equal(7, reply.GetProperty("id").GetInt32());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ALongMethodNameIsNotSentBackWhole()
    {
        await using var peer = TestPeer.Start(TestServer.With());

        var reply = await peer.AskAsync(Messages.Request(new string('m', 100_000)));

        Assert.Equal(-32601, reply.Code());
        Assert.InRange(reply.Explanation().Length, 1, 300);
    }

    [Fact]
    public async Task PhpsEscapedSlashIsUnderstood()
    {
        await using var peer = TestPeer.Start(TestServer.With());

        Assert.Equal("x", (await peer.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"tools\/call","params":{"n\u0061me":"\u0065cho","arguments":{"message":"x"}}}""")).Text());
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"\"")]
    [InlineData("\"a\\u0041\\/\\\"\"")]
    [InlineData("\"é 日本 \"")]
    public async Task TheIdComesBackAsTheBytesThatCame(string id)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        foreach (var message in new[] { Messages.Request("ping", id), Messages.Call("echo", id), Messages.Call("none", id), Messages.Stateless("server/discover", id) })
        {
            await peer.SendAsync(message);
            Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{id}},""", await peer.ReceiveLineAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnIdOf256BytesIsTakenAndALongerOneRefused()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        var longest = $"\"{new string('i', 254)}\"";

        Assert.Equal(longest, (await peer.AskAsync(Messages.Request("ping", longest))).GetProperty("id").GetRawText());

        var refused = await peer.AskAsync(Messages.Request("ping", $"\"{new string('i', 255)}\""));
        Assert.Equal(-32600, refused.Code());
        Assert.False(refused.TryGetProperty("id", out _));
        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AnIdInFlightIsRefusedAndFreeAgainAfterItsReply(Wire wire)
    {
        var gate = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            await gate.Task;
            call.ReturnText("first");
        })), wire);

        await peer.SendAsync(Messages.Call("wait", "5"));
        var second = await peer.AskAsync(Messages.Call("echo", "5"));
        Assert.Equal(-32600, second.Code());

        // A string is another id than the number that it spells.
        Assert.Equal("nothing", (await peer.AskAsync(Messages.Call("echo", "\"5\""))).Text());

        gate.SetResult();
        Assert.Equal("first", (await peer.ReceiveAsync()).Text());
        Assert.Equal("nothing", (await peer.AskAsync(Messages.Call("echo", "5"))).Text());
    }

    // A client may use an id again as soon as it has read the reply, however busy the server is with the other calls.
    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AnIdIsFreeOnceItsReplyIsRead(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("later", static async call =>
        {
            await Task.Yield();
            call.ReturnText("later");
        })), wire);
        string Again(int id) => Messages.Call(id % 2 == 0 ? "echo" : "later", $"{id}");
        await peer.SendRawAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 16).Select(id => Again(id) + "\n"))));

        for (var i = 0; i < 30_000; i++)
        {
            var reply = await peer.ReceiveAsync();
            Assert.True(reply.TryGetProperty("result", out _), $"After {i} calls: {reply.GetRawText()}");
            await peer.SendAsync(Again(reply.GetProperty("id").GetInt32()));
        }
    }

    [Theory]
    [InlineData("""{"name":"none"}""", "Unknown tool: none")]
    [InlineData("""{"name":"Echo"}""", "Unknown tool: Echo")]
    [InlineData("{}", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"name":"echo","arguments":[]}""", "arguments")]
    [InlineData("""{"name":"echo","arguments":"x"}""", "arguments")]
    [InlineData("""{"name":"echo","arguments":null}""", "arguments")]
    public async Task AWrongCallIsInvalid(string parameters, string explained)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        var reply = await peer.AskAsync(Messages.Request("tools/call", "1", parameters));

        Assert.Equal(-32602, reply.Code());
        Assert.Contains(explained, reply.Explanation(), StringComparison.Ordinal);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ALongToolNameIsUnknownAndNotSentBackWhole()
    {
        await using var peer = TestPeer.Start(TestServer.With());

        var reply = await peer.AskAsync(Messages.Call(new string('t', 100_000)));

        Assert.Equal(-32602, reply.Code());
        Assert.InRange(reply.Explanation().Length, 1, 300);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    public async Task ACursorThatTheServerNeverGaveIsInvalid(string cursor)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request("tools/list", "1", $$"""{"cursor":{{cursor}}}"""))).Code());
    }

    [Theory]
    [InlineData("2025-03-26", true)]
    [InlineData("2025-06-18", true)]
    [InlineData("2025-11-25", false)]
    public async Task WrongArgumentsAreAProtocolErrorInOldRevisions(string version, bool protocolError)
    {
        await using var peer = TestPeer.Start(PeregrineServer.CreateBuilder("t", "1").AddTool(new DelegateTool("picky", call => call.RejectArguments("Argument \"a\" is required."))).Build());
        await peer.AskAsync(Messages.Initialize(version));

        var reply = await peer.AskAsync(Messages.Call("picky"));

        if (protocolError)
        {
            Assert.Equal(-32602, reply.Code());
            Assert.Equal("Argument \"a\" is required.", reply.Explanation());
        }
        else
        {
            Assert.True(reply.IsToolError());
            Assert.Equal("Argument \"a\" is required.", reply.Text());
        }
    }
}
