using System.Net;
using System.Text;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Headers;

/// <summary>Mcp-Param-*: headers that mirror arguments (2026-07-28, Streamable HTTP, custom headers).</summary>
public sealed class ParameterHeaderTests
{
    private const string Schema = """
        {"type":"object","properties":{
          "region":{"type":"string","x-mcp-header":"Region"},
          "count":{"type":"integer","x-mcp-header":"Count"},
          "dry":{"type":"boolean","x-mcp-header":"Dry-Run"},
          "where":{"type":"object","properties":{"zone":{"type":"string","x-mcp-header":"Zone"}}}}}
        """;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"region":"eu-1"}""", "Mcp-Param-Region: eu-1")]
    [InlineData("""{"region":"eu-1"}""", "mcp-param-region:  eu-1 ")]
    [InlineData("""{"region":"a\u0062"}""", "Mcp-Param-Region: ab")]
    [InlineData("""{"r\u0065gion":"ab"}""", "Mcp-Param-Region: ab")]
    [InlineData("""{"\ud800region":1,"region":"ab"}""", "Mcp-Param-Region: ab")]
    [InlineData("""{"region":"two  words"}""", "Mcp-Param-Region: two  words")]
    [InlineData("""{"region":""}""", "Mcp-Param-Region:")]
    [InlineData("""{"region":"ä"}""", "Mcp-Param-Region: =?base64?w6Q=?=")]
    [InlineData("""{"region":"plain"}""", "Mcp-Param-Region: =?base64?cGxhaW4=?=")]
    [InlineData("""{"region":"=?base64?x"}""", "Mcp-Param-Region: =?base64?x")]
    [InlineData("""{"region":null}""")]
    [InlineData("""{"count":42}""", "Mcp-Param-Count: 42")]
    [InlineData("""{"count":42.0}""", "Mcp-Param-Count: 42")]
    [InlineData("""{"count":42}""", "Mcp-Param-Count: 42.0")]
    [InlineData("""{"count":-9007199254740991}""", "Mcp-Param-Count: -9007199254740991")]
    [InlineData("""{"count":1e3}""", "Mcp-Param-Count: 1000")]
    [InlineData("""{"dry":true}""", "Mcp-Param-Dry-Run: true")]
    [InlineData("""{"dry":false}""", "Mcp-Param-Dry-Run: false")]
    [InlineData("""{"where":{"zone":"b","other":1}}""", "Mcp-Param-Zone: b")]
    [InlineData("""{"where":{}}""")]
    [InlineData("""{"where":"nowhere"}""")]
    [InlineData("""{"region":["a"]}""")]
    [InlineData("""{"unknown":"x"}""", "Mcp-Param-Unknown: y")]
    [InlineData("""{"region":"a","count":1,"dry":true}""", "Mcp-Param-Region: a", "Mcp-Param-Count: 1", "Mcp-Param-Dry-Run: true")]
    public async Task WhatAgreesIsCalled(string arguments, params string[] headers)
    {
        var (status, body) = await CallAsync(arguments, headers);

        Assert.True(status.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), status + body);
        Assert.Contains("called", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"region":"eu-1"}""", "the header Mcp-Param-Region is required and must equal the argument \\\"region\\\"")]
    [InlineData("""{"region":"eu-1"}""", "Mcp-Param-Region differs", "Mcp-Param-Region: eu-2")]
    [InlineData("""{"region":"eu-1"}""", "Mcp-Param-Region differs", "Mcp-Param-Region: EU-1")]
    [InlineData("""{"region":"eu-1"}""", "Mcp-Param-Region is given 2 times", "Mcp-Param-Region: eu-1", "Mcp-Param-Region: eu-1")]
    [InlineData("""{"region":"ä"}""", "Mcp-Param-Region differs", "Mcp-Param-Region: =?base64?w6Q?=")]
    [InlineData("""{"region":"ä"}""", "Mcp-Param-Region differs", "Mcp-Param-Region: =?base64?w6R=?=")]
    [InlineData("""{"region":"ä"}""", "Mcp-Param-Region differs", "Mcp-Param-Region: =?base64?w6 Q=?=")]
    [InlineData("""{"region":"ä"}""", "Mcp-Param-Region differs", "Mcp-Param-Region: =?BASE64?w6Q=?=")]
    [InlineData("""{"region":"eu-1","region":"eu-2"}""", "is given twice", "Mcp-Param-Region: eu-1")]
    [InlineData("""{"region":"eu-1","r\u0065gion":"eu-2"}""", "is given twice", "Mcp-Param-Region: eu-2")]
    [InlineData("""{"where":{"zone":"a"},"where":{"zone":"b"}}""", "is given twice", "Mcp-Param-Zone: b")]
    [InlineData("{}", "the header Mcp-Param-Region is given, but the argument", "Mcp-Param-Region: eu-1")]
    [InlineData("""{"region":null}""", "the header Mcp-Param-Region is given, but the argument", "Mcp-Param-Region: null")]
    [InlineData("""{"region":["a"]}""", "is no text, integer or boolean", "Mcp-Param-Region: a")]
    [InlineData("""{"count":42}""", "Mcp-Param-Count differs", "Mcp-Param-Count: 43")]
    [InlineData("""{"count":42}""", "Mcp-Param-Count differs", "Mcp-Param-Count: +42")]
    [InlineData("""{"count":42}""", "Mcp-Param-Count differs", "Mcp-Param-Count: forty-two")]
    [InlineData("""{"count":42}""", "Mcp-Param-Count differs", "Mcp-Param-Count:")]
    [InlineData("""{"count":1}""", "Mcp-Param-Count differs", "Mcp-Param-Count: 1e999999999")]
    [InlineData("""{"count":9007199254740992}""", "Mcp-Param-Count differs", "Mcp-Param-Count: 9007199254740993")]
    [InlineData("""{"dry":true}""", "Mcp-Param-Dry-Run differs", "Mcp-Param-Dry-Run: True")]
    [InlineData("""{"dry":true}""", "Mcp-Param-Dry-Run differs", "Mcp-Param-Dry-Run: 1")]
    [InlineData("""{"where":{"zone":"b"}}""", "Mcp-Param-Zone is required and must equal the argument \\\"where.zone\\\"")]
    public async Task WhatDisagreesIsRefused(string arguments, string explanation, params string[] headers)
    {
        var (status, body) = await CallAsync(arguments, headers);

        Assert.True(status.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), status + body);
        Assert.Contains("\"code\":-32020", body, StringComparison.Ordinal);
        Assert.Contains(explanation, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSessionEraHasNoSuchHeaders()
    {
        await using var site = await StartAsync();

        using var response = await site.Client.SendAsync(TestSite.Post(TestSite.SessionCall("annotated", """{"region":"eu-1"}"""), ("Mcp-Param-Region", "other")));

        Assert.Equal("called", (await response.JsonAsync()).Text());
    }

    // The method, and whether there is such a tool, come first; what is wrong with the arguments otherwise comes after.
    [Fact]
    public async Task TheChecksHaveTheirOrder()
    {
        await using var site = await StartAsync();

        using var name = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "other", TestSite.Call("annotated", """{"region":"eu-1"}""")));
        using var unknown = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "unknown", TestSite.Call("unknown", """{"region":"eu-1"}""")));
        using var header = await site.Client.SendAsync(TestSite.PostStateless("tools/call", "annotated", TestSite.Call("annotated", "5"), ("Mcp-Param-Region", "x")));

        Assert.Contains("Mcp-Name", (await name.JsonAsync(HttpStatusCode.BadRequest)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(-32602, (await unknown.JsonAsync()).Code());
        Assert.Equal(-32020, (await header.JsonAsync(HttpStatusCode.BadRequest)).Code());
    }

    private static Task<TestSite> StartAsync()
    {
        var server = PeregrineServer.CreateBuilder("test-server", "1.2.3")
            // What the schema says of the values is another matter.
            .Configure(static options => options with { BlockingThreshold = TimeSpan.FromHours(1), Validation = options.Validation with { CheckArguments = false } })
            .AddTool(new McpToolDefinition { Name = "annotated", InputSchema = Encoding.UTF8.GetBytes(Schema) }, static call =>
            {
                call.ReturnText("called");
                return default;
            }).Build();
        return TestSite.StartAsync(app => app.MapPeregrine("/mcp", server));
    }

    // By hand: a client of .NET would not send some of these.
    private static async Task<(string Status, string Body)> CallAsync(string arguments, string[] headers)
    {
        await using var site = await StartAsync();
        using var raw = await site.ConnectAsync();
        var body = TestSite.Call("annotated", arguments);
        await raw.SendAsync(RawHttp.Head(Encoding.UTF8.GetByteCount(body), ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: annotated", .. headers]) + body);
        var response = await raw.ReceiveResponseAsync();
        return (response[..response.IndexOf('\r', StringComparison.Ordinal)], response);
    }
}
