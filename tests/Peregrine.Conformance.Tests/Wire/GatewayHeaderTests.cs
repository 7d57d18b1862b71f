using Peregrine.Conformance.Tests.Targets;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>A tool that wants its argument repeated in a header, called through the gateway by a client whose revision has no such headers: the gateway writes them.</summary>
[Collection(GatewayCollection.Name)]
public sealed class GatewayHeaderTests(GatewayTarget target)
{
    [Theory]
    [InlineData("""{"region":"eu-north-1","query":"x"}""")]
    [InlineData("""{"region":"Ærø, \u00c5land\nand more","query":"x"}""")]
    [InlineData("""{"region":" with blanks around ","query":"x"}""")]
    [InlineData("""{"region":"","query":"x"}""")]
    [InlineData("""{"query":"x"}""")]
    public async Task TheServerAcceptsTheCall(string arguments)
    {
        using var http = new HttpRequests(target.Endpoint, "2025-11-25");

        var reply = await http.AskAsync("tools/call", $"\"name\":\"test_header_tool\",\"arguments\":{arguments}");

        Assert.True(reply.TryGetProperty("result", out var result), reply.GetRawText());
        Assert.Equal(arguments, result.GetProperty("content")[0].GetProperty("text").GetString());
    }
}
