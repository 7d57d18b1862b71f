using System.Net;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Http;

/// <summary>Which era answers, and in which order a request is judged.</summary>
public sealed class EraTableTests
{
    private const string Version = "\"io.modelcontextprotocol/protocolVersion\"";
    private const string Capabilities = "\"io.modelcontextprotocol/clientCapabilities\"";
    private const string V999 = $$"""{ {{Version}}:"v999", {{Capabilities}}:{} }""";
    private const string NoCapabilities = $$"""{ {{Version}}:"2026-07-28" }""";
    private const string NoVersion = $$"""{ {{Capabilities}}:{} }""";

    // Header, _meta, status, code (0: a result), stateless.
    [Theory]
    [InlineData("2026-07-28", TestSite.Meta, 200, 0, true)]
    [InlineData(" 2026-07-28 ", TestSite.Meta, 200, 0, true)]
    [InlineData("2025-11-25", "{}", 200, 0, false)]
    [InlineData("2025-06-18", "{}", 200, 0, false)]
    [InlineData("2025-03-26", "{}", 200, 0, false)]
    [InlineData(null, "{}", 200, 0, false)]
    [InlineData(null, TestSite.Meta, 400, -32020, true)]
    [InlineData(null, NoCapabilities, 400, -32020, true)]
    [InlineData("2025-11-25", TestSite.Meta, 400, -32020, true)]
    [InlineData("2026-07-28", "{}", 400, -32602, true)]
    [InlineData("2026-07-28", NoCapabilities, 400, -32602, true)]
    [InlineData("2026-07-28", NoVersion, 400, -32602, true)]
    [InlineData("2026-07-28", V999, 400, -32020, true)]
    [InlineData("v999", TestSite.Meta, 400, -32020, true)]
    [InlineData("v999", V999, 400, -32022, true)]
    [InlineData("v999", "{}", 400, -32602, true)]
    [InlineData("", TestSite.Meta, 400, -32020, true)]
    public async Task HeaderAndMetaDecide(string? header, string meta, int status, int code, bool stateless)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.Call("echo", "{}", meta),
            ("MCP-Protocol-Version", header), ("Mcp-Method", "tools/call"), ("Mcp-Name", "echo")));

        var reply = await response.JsonAsync((HttpStatusCode)status);
        Assert.Equal(1, reply.GetProperty("id").GetInt32());
        if (code == 0)
        {
            Assert.Equal("{}", reply.Text());
            Assert.Equal(stateless, reply.GetProperty("result").TryGetProperty("resultType", out _));
        }
        else
        {
            Assert.Equal(code, reply.Code());
        }
    }

    [Fact]
    public async Task TheListOfVersionsIsTheOneOfDiscover()
    {
        await using var site = await TestSite.StartAsync();
        using var discovered = await site.Client.SendAsync(TestSite.PostStateless("server/discover", null, $$$"""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{{{TestSite.Meta}}} } }"""));
        var supported = (await discovered.JsonAsync()).GetProperty("result").GetProperty("supportedVersions").GetRawText();

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo", "{}", V999), ("MCP-Protocol-Version", "v999")));

        var data = (await response.JsonAsync(HttpStatusCode.BadRequest)).GetProperty("error").GetProperty("data");
        Assert.Equal(supported, data.GetProperty("supported").GetRawText());
        Assert.Equal("v999", data.GetProperty("requested").GetString());
    }

    [Theory]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Method", "")]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Method", "Tools/Call")]
    [InlineData("Mcp-Name", null)]
    [InlineData("Mcp-Name", "")]
    [InlineData("Mcp-Name", "Echo")]
    [InlineData("Mcp-Name", "other")]
    [InlineData("Mcp-Name", "=?base64?b3RoZXI=?=")]
    [InlineData("Mcp-Name", "=?base64?ZWNobw?=")]
    [InlineData("Mcp-Name", "=?base64?ZW Nobw==?=")]
    [InlineData("Mcp-Name", "=?base64?!!!!?=")]
    public async Task AMirrorThatDiffersIsRefused(string name, string? value)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo"), (name, value)));

        Assert.Equal(-32020, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Theory]
    [InlineData("tools/call", "echo")]
    [InlineData("  tools/call\t", " echo ")]
    [InlineData("tools/call", "=?base64?ZWNobw==?=")]
    public async Task AMirrorMayBePaddedOrEncoded(string method, string name)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.PostStateless(method, name, TestSite.Call("echo")));

        Assert.Equal("{}", (await response.JsonAsync()).Text());
    }

    [Fact]
    public async Task AMirrorOfANameThatIsNotAsciiIsEncoded()
    {
        await using var site = await TestSite.StartAsync();
        var encoded = $"=?base64?{Convert.ToBase64String("né"u8)}?=";

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", encoded, TestSite.Call("n\\u00e9")));

        // The mirror is right, so it is the tool that is unknown: that is no fault of the request as a whole.
        Assert.Equal(-32602, (await response.JsonAsync()).Code());
    }

    [Fact]
    public async Task TwoMirrorsAreRefused()
    {
        await using var site = await TestSite.StartAsync();
        using var raw = await site.ConnectAsync();
        var body = TestSite.Call("echo");

        await raw.SendAsync(RawHttp.Head(body.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Method: tools/call", "Mcp-Name: echo") + body);

        var response = await raw.ReceiveResponseAsync();
        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains("-32020", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("logging/setLevel")]
    [InlineData("resources/subscribe")]
    [InlineData("tasks/list")]
    [InlineData("no/such/method")]
    [InlineData("prompts/list")]
    public async Task AMethodThatIsNotThereIsNotFound(string method)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.PostStateless(method, null, $$$"""{"jsonrpc":"2.0","id":"m","method":"{{{method}}}","params":{"_meta":{{{TestSite.Meta}}} } }"""));

        Assert.Equal(-32601, (await response.JsonAsync(HttpStatusCode.NotFound)).Code());
    }

    [Fact]
    public async Task InTheSessionEraItIsAnErrorWithStatus200()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post("""{"jsonrpc":"2.0","id":1,"method":"no/such"}""", ("MCP-Protocol-Version", "2025-11-25")));

        Assert.Equal(-32601, (await response.JsonAsync()).Code());
    }

    [Fact]
    public async Task TheMirrorComesBeforeTheMethod()
    {
        await using var site = await TestSite.StartAsync();
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"no/such","params":{"_meta":{{{TestSite.Meta}}} } }""";

        using var response = await site.Client.SendAsync(TestSite.PostStateless("other", null, body));

        Assert.Equal(-32020, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Theory]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("v999", "2025-11-25")]
    public async Task InitializeNeedsNoHeader(string requested, string agreed)
    {
        await using var site = await TestSite.StartAsync();
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{requested}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"} } }""";

        using var response = await site.Client.SendAsync(TestSite.Post(body));

        Assert.Equal(agreed, (await response.JsonAsync()).GetProperty("result").GetProperty("protocolVersion").GetString());
    }

    [Fact]
    public async Task InitializeWithoutAVersionIsRefused()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"""));

        Assert.Equal(-32602, (await response.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    public async Task ASessionThatDoesNotExistIsNotFound(string body)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(body, ("Mcp-Session-Id", "gone"), ("MCP-Protocol-Version", "2025-11-25")));

        Assert.Equal(-32600, (await response.JsonAsync(HttpStatusCode.NotFound)).Code());
    }

    [Fact]
    public async Task TheStatelessEraIgnoresSessionIds()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo"), ("Mcp-Session-Id", "x"), ("Last-Event-ID", "y")));

        Assert.Equal("{}", (await response.JsonAsync()).Text());
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
    }
}
