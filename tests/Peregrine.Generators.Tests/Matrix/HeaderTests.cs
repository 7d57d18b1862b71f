using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Matrix;

/// <summary>[McpRequestHeader]: x-mcp-header in the schema; that the server could be built shows that it is valid there.</summary>
public sealed class HeaderTests
{
    private static readonly ToolServer Server = ToolServer.Of<HeaderTools>();

    [Fact]
    public void The_schema_names_the_header()
    {
        Assert.Equal("""{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"other":{"type":"string"}},"required":["region","other"]}""", Server.Schema("find"));
        Assert.Equal("""{"type":"boolean","x-mcp-header":"Dry-Run"}""", Server.Property("optional", "dry").GetRawText());
        Assert.Equal("""{"type":"integer","x-mcp-header":"Count","default":3}""", Server.Property("optional", "count").GetRawText());
        Assert.StartsWith("""{"type":"string","x-mcp-header":"Day","enum":["Sunday",""", Server.Property("choice", "day").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("null", Server.Property("choice", "day").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_is_taken_all_the_same()
    {
        Assert.Equal("null 5", await Server.TextAsync("optional", """{"dry":null,"count":5}"""));
        Assert.Equal("null", await Server.TextAsync("choice", """{"day":null}"""));
    }
}
