using System.Text;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Headers;

/// <summary>x-mcp-header in schemas: what may be annotated, and what is refused when a tool is registered.</summary>
public sealed class ToolHeaderSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"Region"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"x-mcp-header":"A!#$%&'*+-.^_`|~9","type":"integer"},"b":{"type":"boolean","x-mcp-header":"Method"}}}""")]
    [InlineData("""{"type":"object","properties":{"outer":{"type":"object","properties":{"inner":{"type":"string","x-mcp-header":"Deep"}}}}}""")]
    [InlineData("""{"type":"object","properties":{"x-mcp-header":{"type":"number"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","default":{"x-mcp-header":5},"enum":[{"x-mcp-header":true}]}},"examples":[{"x-mcp-header":1}]}""")]
    public void ValidAnnotationsAreTaken(string schema)
    {
        var server = TestServer.With(Tool(schema));

        Assert.True(server.Tools.Contains("annotated"));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":""}}}""", "with the value \"\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"two words"}}}""", "with the value \"two words\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"Ä"}}}""", "letters, digits")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"a\r\nb"}}}""", "letters, digits")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":5}}}""", "with the value 5")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-heade\u0072":7}}}""", "with the value 7")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}""", "type must be")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","null"],"x-mcp-header":"A"}}}""", "type must be")]
    [InlineData("""{"type":"object","properties":{"a":{"x-mcp-header":"A"}}}""", "type must be")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","x-mcp-header":"A"}}}""", "type must be")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}""", "twice")]
    [InlineData("""{"type":"object","x-mcp-header":"A"}""", "at its root")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}""", "\"properties\" alone")]
    [InlineData("""{"type":"object","oneOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}""", "\"properties\" alone")]
    [InlineData("""{"type":"object","if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}""", "\"properties\" alone")]
    [InlineData("""{"type":"object","$defs":{"a":{"type":"string","x-mcp-header":"A"}}}""", "\"properties\" alone")]
    [InlineData("""{"type":"object","patternProperties":{"a":{"type":"string","x-mcp-header":"A"}}}""", "\"properties\" alone")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string","x-mcp-header":"A"}}""", "\"properties\" alone")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}""", "not valid JSON")]
    public void InvalidAnnotationsAreFaults(string schema, string explanation)
    {
        var built = Assert.Throws<InvalidOperationException>(() => TestServer.With(Tool(schema))).Message;
        var added = Assert.Throws<ArgumentException>(() => TestServer.With().Tools.Add(Tool(schema))).Message;

        Assert.Contains("The input schema of the tool \"annotated\"", built, StringComparison.Ordinal);
        Assert.Contains(explanation, built, StringComparison.Ordinal);
        Assert.Contains(explanation, added, StringComparison.Ordinal);
    }

    // Only HTTP has headers (2026-07-28, stdio).
    [Fact]
    public async Task OtherFrontsTakeCallsWithoutHeaders()
    {
        await using var peer = TestPeer.Start(TestServer.With(Tool("""{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}""")));

        Assert.Equal("done", (await peer.AskAsync(Messages.StatelessCall("annotated", "1", """{"a":"x"}"""))).Text());
        var list = await peer.AskAsync(Messages.Stateless("tools/list"));
        Assert.Contains("\"x-mcp-header\":\"A\"", list.GetRawText(), StringComparison.Ordinal);
    }

    private static AnnotatedTool Tool(string schema) => new(schema);

    private sealed class AnnotatedTool(string schema) : McpToolHandler(new McpToolDefinition { Name = "annotated", InputSchema = Encoding.UTF8.GetBytes(schema) })
    {
        public override ValueTask InvokeAsync(McpCall call)
        {
            call.ReturnText("done");
            return default;
        }
    }
}
