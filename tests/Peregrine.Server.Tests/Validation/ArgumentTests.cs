using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Validation;

namespace Peregrine.Server.Tests.Validation;

/// <summary>Arguments of tools written by hand, held against their schemas.</summary>
public sealed class ArgumentTests
{
    private const string AllWrong = """{"city":"","days":1.5,"near":[1,"x"],"extra":true}""";

    [Fact]
    public async Task AToolRunsWithArgumentsThatItsSchemaTakes()
    {
        var tool = new RawTool("weather", RawTool.City);
        await using var peer = TestPeer.Start(TestServer.With(tool));

        Assert.Equal("ran", (await peer.AskAsync(Messages.StatelessCall("weather", arguments: """{"city":"Oslo","days":2.0,"near":[1.5]}"""))).Text());
        Assert.Equal("ran", (await peer.AskAsync(Messages.Call("weather", arguments: """{"city":"Oslo"}"""))).Text());
        Assert.Equal(2, tool.Runs);
    }

    [Fact]
    public async Task EveryViolationIsNamedWithItsPlaceAndTheToolDoesNotRun()
    {
        var tool = new RawTool("weather", RawTool.City);
        await using var peer = TestPeer.Start(TestServer.With(tool));

        var reply = await peer.AskAsync(Messages.StatelessCall("weather", arguments: AllWrong));

        Assert.True(reply.IsToolError());
        Assert.Equal("complete", reply.Result().GetProperty("resultType").GetString());
        Assert.Equal("""
            The arguments of "weather" are not valid:
            - /city: expected at least 1 character, found ""
            - /days: expected an integer, found 1.5
            - /near/1: expected a number, found "x"
            - /extra: the property "extra" is not allowed; allowed are "city", "days", "near"
            """, reply.Text(), ignoreLineEndingDifferences: true);
        Assert.Equal(0, tool.Runs);
    }

    [Fact]
    public async Task AMistypedNameIsToldTheRightOne()
    {
        await using var peer = TestPeer.Start(TestServer.With(new RawTool("weather", RawTool.City)));

        var text = (await peer.AskAsync(Messages.StatelessCall("weather", arguments: """{"ctiy":"Oslo"}"""))).Text();

        Assert.Contains("/: the property \"city\" is missing; found \"ctiy\", did you mean \"city\"?", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-11-05", false)]
    [InlineData("2025-03-26", false)]
    [InlineData("2025-06-18", false)]
    [InlineData("2025-11-25", true)]
    public async Task ARefusalHasTheFormOfItsRevision(string version, bool isResult)
    {
        await using var peer = TestPeer.Start(TestServer.With(new RawTool("weather", RawTool.City)));
        await peer.AskAsync(Messages.Initialize(version));

        var reply = await peer.AskAsync(Messages.Call("weather"));

        if (isResult)
        {
            Assert.True(reply.IsToolError());
            Assert.Contains("/: the property \"city\" is missing", reply.Text(), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(-32602, reply.Code());
            Assert.Contains("/: the property \"city\" is missing", reply.Explanation(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ArgumentsLeftOutAreAnEmptyObject()
    {
        await using var peer = TestPeer.Start(TestServer.With(new RawTool("weather", RawTool.City), new RawTool("free", "{\"type\":\"object\"}")));

        Assert.True((await peer.AskAsync(Messages.Request("tools/call", "1", """{"name":"weather"}"""))).IsToolError());
        Assert.False((await peer.AskAsync(Messages.Request("tools/call", "1", """{"name":"free"}"""))).IsToolError());
    }

    [Fact]
    public async Task AToolOfTwoServersIsCheckedByEachForItself()
    {
        var tool = new RawTool("weather", RawTool.City);
        var (first, second) = (TestServer.With(tool), TestServer.With(tool));
        second.Validation.ChecksArguments = false;
        await using var strict = TestPeer.Start(first);
        await using var lax = TestPeer.Start(second);

        Assert.True((await strict.AskAsync(Messages.Call("weather"))).IsToolError());
        Assert.Equal("ran", (await lax.AskAsync(Messages.Call("weather"))).Text());
    }

    [Fact]
    public async Task ALongListOfViolationsIsCut()
    {
        var server = TestServer.Describe(new RawTool("weather", RawTool.City)).Configure(static options => options with { Validation = new McpValidationOptions { MaxErrors = 2 } }).Build();
        await using var peer = TestPeer.Start(server);

        var text = (await peer.AskAsync(Messages.StatelessCall("weather", arguments: AllWrong))).Text();

        Assert.Equal(3, text.Split("\n- ").Length - 1);
        Assert.EndsWith("\n- and more; these are the first 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckingCanBeSwitchedWhileTheServerRuns()
    {
        var tool = new RawTool("weather", RawTool.City);
        var server = TestServer.With(tool);
        await using var peer = TestPeer.Start(server);

        server.Validation.ChecksArguments = false;
        Assert.Equal("ran", (await peer.AskAsync(Messages.Call("weather"))).Text());
        server.Validation.ChecksArguments = true;
        Assert.True((await peer.AskAsync(Messages.Call("weather"))).IsToolError());
        Assert.Equal(1, tool.Runs);
        Assert.Equal(1, server.Validation.Counts.Arguments);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"https://example.com/schemas/a.json"}}}""", "example.com/schemas/a.json")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"(["}}}""", "/properties/a/pattern")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","type":"object"}""", "draft-04")]
    public async Task ASchemaThatCannotBeCompiledIsNamedAndItsToolRefused(string schema, string expected)
    {
        var log = new LogRecords();
        var tool = new RawTool("broken", schema);
        var server = TestServer.Describe(tool).UseLogging(log).Build();
        await using var peer = TestPeer.Start(server);

        for (var i = 0; i < 2; i++)
        {
            var reply = await peer.AskAsync(Messages.StatelessCall("broken"));
            Assert.Equal(-32603, reply.Code());
            Assert.Contains(expected, reply.Explanation(), StringComparison.Ordinal);
        }

        Assert.Equal(0, tool.Runs);
        Assert.Contains(expected, Assert.Single(log.All, static record => record.Event == "ToolSchemaNotCompiled").Text, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Single(server.Validation.CompileSchemas()), StringComparison.Ordinal);
        Assert.Equal("nothing", (await peer.AskAsync(Messages.Call("echo"))).Text());
    }

    [Fact]
    public async Task CountsTellWhatWasDone()
    {
        var server = TestServer.With(new RawTool("weather", RawTool.City), new RawTool("other", RawTool.City));
        await using var peer = TestPeer.Start(server);

        for (var i = 0; i < 20; i++)
        {
            await peer.AskAsync(Messages.StatelessCall(i % 2 == 0 ? "weather" : "other", arguments: i < 5 ? "{}" : """{"city":"Oslo"}"""));
        }

        Assert.Equal(new McpValidationCounts(20, 5, 0, 0, 19, 1), server.Validation.Counts);
    }

    [Fact]
    public void FaultyOptionsAreNamed()
    {
        var faulty = new McpValidationOptions { MaxErrors = 0, CheckResults = (McpResultCheck)9, Schemas = new() { MaxSchemas = 0 } };

        Assert.Equal(3, faulty.Validate().Count);
        var exception = Assert.Throws<InvalidOperationException>(() => TestServer.Describe().Configure(options => options with { Validation = faulty }).Build());
        Assert.Contains("Validation: MaxErrors is 0", exception.Message, StringComparison.Ordinal);
    }
}
