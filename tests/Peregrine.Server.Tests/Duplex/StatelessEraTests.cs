using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>Requests of 2026-07-28, which carry all they need in _meta.</summary>
public sealed class StatelessEraTests
{
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\"";
    private const string Capabilities = "\"io.modelcontextprotocol/clientCapabilities\"";

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task DiscoverListAndCallWork(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);

        var discovered = (await peer.AskAsync(Messages.Stateless("server/discover"))).Result();
        var list = (await peer.AskAsync(Messages.Stateless("tools/list"))).Result();
        var called = (await peer.AskAsync(Messages.StatelessCall("echo", "3", """{"message":"hi"}""")));

        Assert.Equal(["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"],
            discovered.GetProperty("supportedVersions").EnumerateArray().Select(static v => v.GetString()));
        Assert.Equal("hi", called.Text());
        foreach (var result in new[] { discovered, list, called.Result() })
        {
            Assert.Equal("complete", result.GetProperty("resultType").GetString());
            Assert.Equal("test-server", result.GetProperty("_meta").GetProperty("io.modelcontextprotocol/serverInfo").GetProperty("name").GetString());
        }

        foreach (var result in new[] { discovered, list })
        {
            Assert.Equal(60_000, result.GetProperty("ttlMs").GetInt32());
            Assert.Equal("public", result.GetProperty("cacheScope").GetString());
        }

        Assert.False(called.Result().TryGetProperty("ttlMs", out _));
    }

    [Theory]
    [InlineData($$"""{ {{Version}}:"2026-07-28" }""", "clientCapabilities")]
    [InlineData($$"""{ {{Version}}:"2026-07-28", {{Capabilities}}:[] }""", "clientCapabilities")]
    [InlineData($$"""{ {{Version}}:"2026-07-28", {{Capabilities}}:null }""", "clientCapabilities")]
    [InlineData($$"""{ {{Capabilities}}:{} }""", "protocolVersion")]
    [InlineData($$"""{ {{Version}}:20260728, {{Capabilities}}:{} }""", "protocolVersion")]
    [InlineData($$"""{ {{Version}}:null, {{Capabilities}}:{} }""", "protocolVersion")]
    public async Task IncompleteMetaIsInvalid(string meta, string explained)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        foreach (var method in new[] { "server/discover", "tools/list", "tools/call", "initialize", "no/such" })
        {
            var reply = await peer.AskAsync(Messages.Stateless(method, "1", meta));
            Assert.Equal(-32602, reply.Code());
            Assert.Contains(explained, reply.Explanation(), StringComparison.Ordinal);
        }

        await peer.AssertQuietAsync();
    }

    [Theory]
    [InlineData("server/discover")]
    [InlineData("subscriptions/listen")]
    [InlineData("tasks/get")]
    [InlineData("tasks/update")]
    [InlineData("tasks/cancel")]
    public async Task AMethodOfThisEraNeedsMeta(string method)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        Assert.Equal(-32602, (await peer.AskAsync(Messages.Request(method))).Code());
        Assert.Equal(-32602, (await peer.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"}""")).Code());
    }

    [Theory]
    [InlineData("\"v999\"", "\"v999\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"2025-11-25\"", "\"2025-11-25\"")]
    [InlineData("\"2026-07-29\"", "\"2026-07-29\"")]
    [InlineData("\"2026\\u002d07-29\"", "\"2026\\u002d07-29\"")]
    [InlineData("\"an extraordinarily long name that is certainly not the name of a version\"", "\"(too long)\"")]
    public async Task AnUnsupportedVersionIsAnsweredWithTheListOfDiscover(string version, string requested)
    {
        await using var peer = TestPeer.Start(TestServer.With());
        var discovered = (await peer.AskAsync(Messages.Stateless("server/discover"))).Result().GetProperty("supportedVersions").GetRawText();

        var reply = await peer.AskAsync(Messages.Stateless("tools/list", "1", $$"""{ {{Version}}:{{version}}, {{Capabilities}}:{} }"""));

        Assert.Equal(-32022, reply.Code());
        Assert.Equal(discovered, reply.Error().GetProperty("data").GetProperty("supported").GetRawText());
        Assert.Equal(requested, reply.Error().GetProperty("data").GetProperty("requested").GetRawText());
    }

    [Fact]
    public async Task AnEscapedVersionIsTheVersion()
    {
        await using var peer = TestPeer.Start(TestServer.With());

        var meta = $$"""{ "io.modelcontextprotocol\/protocolVersion":"2026\u002d07-28", {{Capabilities}}:{} }""";
        Assert.Equal("complete", (await peer.AskAsync(Messages.Stateless("tools/list", "1", meta))).Result().GetProperty("resultType").GetString());
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("logging/setLevel")]
    [InlineData("resources/subscribe")]
    [InlineData("resources/unsubscribe")]
    [InlineData("tasks/list")]
    [InlineData("tasks/result")]
    [InlineData("roots/list")]
    [InlineData("no/such/method")]
    [InlineData("prompts/list")]
    [InlineData("resources/read")]
    [InlineData("tasks/get")]
    public async Task WhatWasRemovedOrIsNotOfferedIsNotFound(string method)
    {
        await using var peer = TestPeer.Start(TestServer.With());

        Assert.Equal(-32601, (await peer.AskAsync(Messages.Stateless(method))).Code());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task BothErasShareAConnection()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        await peer.AskAsync(Messages.Initialize("2025-03-26"));

        Assert.True((await peer.AskAsync(Messages.StatelessCall("echo"))).Result().TryGetProperty("resultType", out _));
        Assert.False((await peer.AskAsync(Messages.Call("echo"))).Result().TryGetProperty("resultType", out _));
        Assert.True((await peer.AskAsync(Messages.Stateless("tools/list"))).Result().TryGetProperty("ttlMs", out _));
        Assert.False((await peer.AskAsync(Messages.Request("tools/list"))).Result().TryGetProperty("ttlMs", out _));
    }

    [Fact]
    public async Task AnInitializeWithMetaDoesNotOpenASession()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        var parameters = $$$"""{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"t","version":"1"},"_meta":{{{Messages.Meta}}}}""";

        Assert.Equal(-32601, (await peer.AskAsync(Messages.Request("initialize", "1", parameters))).Code());
    }

    [Fact]
    public async Task UnknownMembersOfMetaAreIgnored()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        var meta = Messages.Meta[..^1] + ""","com.example/x":[{"y":null}],"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}""";

        Assert.True((await peer.AskAsync(Messages.Stateless("tools/list", "1", meta))).Result().TryGetProperty("tools", out _));
    }
}
