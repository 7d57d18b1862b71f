using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;
using Peregrine.Server.Validation;

namespace Peregrine.Server.Tests.Validation;

/// <summary>When schemas compile.</summary>
public sealed class PreparationTests
{
    private const string Broken = """{"type":"object","properties":{"a":{"$ref":"#/$defs/none"}}}""";

    [Fact]
    public async Task NothingCompilesBeforeTheFirstRepliesAndAllASecondLater()
    {
        var (time, log) = (new ManualTime(), new LogRecords());
        var server = TestServer.Describe(new RawTool("weather", RawTool.City), new RawTool("broken", Broken)).UseLogging(log)
            .Configure(options => options with { TimeProvider = time }).Build();
        await using var peer = TestPeer.Start(server);

        await peer.AskAsync(Messages.Stateless("server/discover"));
        await peer.AskAsync(Messages.Stateless("tools/list"));
        Assert.Equal(0, server.Validation.Counts.CacheMisses);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("/properties/a", (await log.WaitAsync("ToolSchemaNotCompiled")).Text, StringComparison.Ordinal);
        server.Tools.Add(new RawTool("later", Broken));
        Assert.Contains("later", (await log.WaitAsync("ToolSchemaNotCompiled")).Text, StringComparison.Ordinal);
        Assert.Equal("ran", (await peer.AskAsync(Messages.Call("weather", arguments: """{"city":"Oslo"}"""))).Text());
    }

    [Fact]
    public async Task OneSchemaOfManyToolsCompilesOnce()
    {
        var server = TestServer.With([.. Enumerable.Range(0, 50).Select(static i => (McpToolHandler)new RawTool($"tool_{i}", RawTool.City))]);
        await using var peer = TestPeer.Start(server);

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal("ran", (await peer.AskAsync(Messages.StatelessCall($"tool_{i % 50}", arguments: """{"city":"Oslo"}"""))).Text());
        }

        var counts = server.Validation.Counts;
        Assert.Equal(1, counts.CacheMisses);
        Assert.True(counts.CacheHits >= 0.95 * (counts.CacheHits + counts.CacheMisses), counts.ToString());
    }

    [Fact]
    public async Task ReferencesAreGivenByTheResolverOnly()
    {
        var options = new McpValidationOptions
        {
            Schemas = new() { Schema = new() { Resolver = static uri => uri == "https://example.com/a" ? "{\"type\":\"integer\"}"u8.ToArray() : throw new InvalidOperationException("no such schema") } },
        };
        var server = TestServer.Describe(
            new RawTool("known", """{"type":"object","properties":{"a":{"$ref":"https://example.com/a"}}}"""),
            new RawTool("unknown", """{"type":"object","properties":{"a":{"$ref":"https://example.com/b"}}}""")).Configure(all => all with { Validation = options }).Build();
        await using var peer = TestPeer.Start(server);

        Assert.Equal("ran", (await peer.AskAsync(Messages.Call("known", arguments: """{"a":1}"""))).Text());
        Assert.True((await peer.AskAsync(Messages.Call("known", arguments: """{"a":"x"}"""))).IsToolError());
        Assert.Equal(-32603, (await peer.AskAsync(Messages.Call("unknown"))).Code());
    }
}
