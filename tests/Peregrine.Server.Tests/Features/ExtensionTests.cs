using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Features;

/// <summary>Extensions that a server declares, and the capabilities of what changes.</summary>
public sealed class ExtensionTests
{
    [Fact]
    public async Task AreDeclaredInBothEras()
    {
        var server = TestServer.Describe().UseLedger(static once => once with { IsOn = false }).Configure(static options => options with
        {
            Extensions = new Dictionary<string, string> { ["com.example/one"] = "{}", ["io.modelcontextprotocol/ui"] = "{\n\"mimeTypes\":[\"text/html\"]}" },
        }).Build();
        await using var peer = TestPeer.Start(server);

        var discovered = await peer.AskAsync(Messages.Stateless("server/discover"));
        var initialized = await peer.AskAsync(Messages.Initialize("2025-11-25"));

        const string Expected = """{"tools":{"listChanged":true},"logging":{},"extensions":{"com.example/one":{},"io.modelcontextprotocol/ui":{ "mimeTypes":["text/html"]}}}""";
        Assert.Equal(Expected, discovered.Result().GetProperty("capabilities").GetRawText());
        Assert.Equal(Expected, initialized.Result().GetProperty("capabilities").GetRawText());
    }

    [Fact]
    public async Task WithoutAnyTheMemberIsMissing()
    {
        await using var peer = TestPeer.Start(TestServer.Describe().UseLedger(static once => once with { IsOn = false }).Build());

        var discovered = await peer.AskAsync(Messages.Stateless("server/discover"));

        Assert.Equal("""{"tools":{"listChanged":true},"logging":{}}""", discovered.Result().GetProperty("capabilities").GetRawText());
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("noprefix", "{}")]
    [InlineData("/name", "{}")]
    [InlineData("com.example/", "{}")]
    [InlineData("com..example/name", "{}")]
    [InlineData("1com/name", "{}")]
    [InlineData("com-/name", "{}")]
    [InlineData("com/-name", "{}")]
    [InlineData("com/na me", "{}")]
    [InlineData("com/name", "")]
    [InlineData("com/name", "[]")]
    [InlineData("com/name", "{\"a\":1")]
    [InlineData("com/name", "{} {}")]
    public void FaultyOnesAreBuildFaults(string id, string settings)
    {
        var fault = Assert.Throws<InvalidOperationException>(() =>
            TestServer.Describe().Configure(options => options with { Extensions = new Dictionary<string, string> { [id] = settings } }).Build());

        Assert.Contains($"\"{id}\"", fault.Message, StringComparison.Ordinal);
    }
}
