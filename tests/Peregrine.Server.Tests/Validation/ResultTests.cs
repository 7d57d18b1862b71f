using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Validation;

namespace Peregrine.Server.Tests.Validation;

/// <summary>Structured results, held against output schemas.</summary>
public sealed class ResultTests
{
    private const string Schema = """{"type":"object","properties":{"celsius":{"type":"number"}},"required":["celsius"]}""";

    [Fact]
    public async Task AResultThatFitsPasses()
    {
        var server = Build("""{"content":[],"structuredContent":{"celsius":3.5}}""", McpResultCheck.Always, new LogRecords());
        await using var peer = TestPeer.Start(server);

        Assert.Equal(3.5, (await peer.AskAsync(Messages.Call("structured"))).Result().GetProperty("structuredContent").GetProperty("celsius").GetDouble());
        Assert.Equal(1, server.Validation.Counts.Results);
        Assert.Equal(0, server.Validation.Counts.BrokenResults);
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"secret"}],"structuredContent":{"celsius":"warm"}}""", "/celsius: expected a number, found \"warm\"")]
    [InlineData("""{"content":[],"structuredContent":null}""", "expected an object, found null")]
    [InlineData("""{"content":[]}""", "has no structuredContent")]
    public async Task AResultThatBreaksItsSchemaIsHeldBackUnderANumber(string result, string violation)
    {
        var log = new LogRecords();
        var server = Build(result, McpResultCheck.Always, log);
        await using var peer = TestPeer.Start(server);

        var reply = await peer.AskAsync(Messages.Call("structured"));

        Assert.True(reply.IsToolError());
        Assert.Equal("The tool \"structured\" has run, but its result breaks its output schema and was held back. The server's log has the details under failure 1.", reply.Text());
        var record = Assert.Single(log.All, static record => record.Event == "ToolResultBroken");
        Assert.Contains("failure 1", record.Text, StringComparison.Ordinal);
        Assert.Contains(violation, record.Text, StringComparison.Ordinal);
        Assert.Equal(1, server.Validation.Counts.BrokenResults);
    }

    [Theory]
    [InlineData("""{"content":[],"isError":true}""")]
    [InlineData("""{"resultType":"input_required","inputRequests":{}}""")]
    public async Task FailuresAndQuestionsHaveNoResultToJudge(string result)
    {
        var server = Build(result, McpResultCheck.Always, new LogRecords());
        await using var peer = TestPeer.Start(server);

        Assert.False((await peer.AskAsync(Messages.Call("structured"))).Result().TryGetProperty("structuredContent", out _));
        Assert.Equal(0, server.Validation.Counts.BrokenResults);
    }

    [Fact]
    public async Task AResultNestedDeeperThanAMessageMayBeIsJudgedToo()
    {
        var server = Build($$$"""{"content":[],"structuredContent":{"deep":{{{new string('[', 80)}}}{{{new string(']', 80)}}},"celsius":3.5}}""", McpResultCheck.Always, new LogRecords());
        await using var peer = TestPeer.Start(server);

        await peer.SendAsync(Messages.Call("structured"));

        Assert.Contains("\"celsius\":3.5", await peer.ReceiveLineAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (server.Validation.Counts.Results, server.Validation.Counts.BrokenResults));
    }

    [Fact]
    public async Task OnDemandItIsCheckedFromTheSwitchOn()
    {
        var server = Build("""{"content":[],"structuredContent":{}}""", McpResultCheck.OnDemand, new LogRecords());
        await using var peer = TestPeer.Start(server);

        Assert.False((await peer.AskAsync(Messages.Call("structured"))).IsToolError());
        server.Validation.ChecksResults = true;
        Assert.True((await peer.AskAsync(Messages.Call("structured"))).IsToolError());
    }

    private static PeregrineServer Build(string result, McpResultCheck check, LogRecords log) =>
        TestServer.Describe(RawTool.Answering(Schema, () => result)).UseLogging(log).Configure(options => options with { Validation = new McpValidationOptions { CheckResults = check } }).Build();
}
