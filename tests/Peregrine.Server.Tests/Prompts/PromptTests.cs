using Peregrine.Server.Content;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Prompts;

/// <summary>Prompts: listed, and asked for.</summary>
public sealed class PromptTests
{
    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task EveryRevisionListsAndGets(string version)
    {
        var schema = PublishedSchema.Of(version);
        var stateless = version == "2026-07-28";
        await using var peer = TestPeer.Start(Describe().Build());
        var opened = (await peer.AskAsync(stateless ? Messages.Stateless("server/discover") : Messages.Initialize(version))).Result();
        Assert.True(opened.GetProperty("capabilities").TryGetProperty("prompts", out _));

        var list = (await peer.AskAsync(stateless ? Messages.Stateless("prompts/list") : Messages.Request("prompts/list"))).Result();
        Assert.Equal("", string.Join('\n', schema.Judge(list, "ListPromptsResult")));
        foreach (var prompt in new[] { "plain", "every", "late", "empty" })
        {
            var result = (await peer.AskAsync(Get(prompt, "{}", stateless))).Result();
            Assert.Equal("", string.Join('\n', schema.Judge(result, "GetPromptResult")));
            Assert.Equal(stateless, result.TryGetProperty("resultType", out _));
            Assert.False(result.TryGetProperty("ttlMs", out _));
        }
    }

    [Fact]
    public async Task ResultsAreWrittenAsTheyAre()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal("""{"messages":[{"role":"user","content":{"type":"text","text":"Review \"x\"\u0001 in C#, please."}}],"description":"A review"}""".Replace("\\u0001", "\\n", StringComparison.Ordinal),
            (await peer.AskAsync(Get("review", """{"language":"C#","code":"\"x\"\n","unknown":"passed over"}"""))).Result().GetRawText());
        Assert.Equal("""{"messages":[{"role":"user","content":{"type":"text","text":"Review it in English, please."}}],"description":"A review"}""",
            (await peer.AskAsync(Get("review", """{"code":"it"}"""))).Result().GetRawText());
        Assert.Equal("""
            {"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"t://r","mimeType":"text/plain","text":"embedded"}}},{"role":"assistant","content":{"type":"image","data":"AQ==","mimeType":"image/png"}}]}
            """.Trim(), (await peer.AskAsync(Get("every"))).Result().GetRawText());
        Assert.Equal("""
            {"name":"review","title":"Review","description":"Reviews code","arguments":[{"name":"code","title":"Code","description":"The code","required":true},{"name":"language"}],"icons":[],"_meta":{"a":1}}
            """.Trim(), (await peer.AskAsync(Messages.Request("prompts/list"))).Result().GetProperty("prompts")[1].GetRawText());
    }

    [Theory]
    [InlineData("""{"name":"review"}""", "the argument \"code\" of the prompt \"review\" is required")]
    [InlineData("""{"name":"review","arguments":{"language":"x"}}""", "is required")]
    [InlineData("""{"name":"review","arguments":{"code":5}}""", "\"code\" must be a string")]
    [InlineData("""{"name":"review","arguments":{"code":"x","other":{}}}""", "must be a string")]
    [InlineData("""{"name":"review","arguments":{"code":"x","code":"y"}}""", "given twice")]
    [InlineData("""{"name":"review","arguments":{"code":"\ud800"}}""", "proper text")]
    [InlineData("""{"name":"review","arguments":{"\ud800":"x"}}""", "\"code\" of the prompt \"review\" is required")]
    [InlineData("""{"name":"review","arguments":[]}""", "must be an object")]
    [InlineData("""{"name":"review","arguments":null}""", "must be an object")]
    [InlineData("""{"name":"unknown"}""", "Unknown prompt: unknown")]
    [InlineData("""{"name":""}""", "Unknown prompt")]
    [InlineData("""{"name":7}""", "must be the name of a prompt")]
    [InlineData("{}", "must be the name of a prompt")]
    public async Task AWrongRequestIsRefusedWithAnExplanation(string parameters, string explanation)
    {
        await using var peer = TestPeer.Start(Describe().Build());

        var reply = await peer.AskAsync(Messages.Request("prompts/get", "1", parameters));

        Assert.Equal(-32602, reply.Code());
        Assert.Contains(explanation, reply.Explanation(), StringComparison.Ordinal);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AnEscapedNameIsTheName()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal("plain", (await peer.AskAsync(Get("pl\\u0061in"))).Result().GetProperty("messages")[0].GetProperty("content").GetProperty("text").GetString());
        Assert.Equal(-32602, (await peer.AskAsync(Get(new string('n', 100_000)))).Code());
    }

    [Fact]
    public async Task AFailureForTheCallerHasItsMessageAndAnotherACorrelationId()
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(Describe().UseLogging(log).Build());

        var meant = await peer.AskAsync(Get("refuses"));
        var other = await peer.AskAsync(Get("breaks"));

        Assert.Equal((-32603, "not today"), (meant.Code(), meant.Explanation()));
        Assert.Equal((-32603, "The prompt \"breaks\" failed. The server's log has the details under failure 1."), (other.Code(), other.Explanation()));
        Assert.Contains("secret", Assert.Single(log.All, static record => record.Event == "ToolFailed").Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallCanBeCancelledAndReportProgress()
    {
        var started = new TaskCompletionSource();
        await using var peer = TestPeer.Start(Describe().AddPrompt(new McpPromptDefinition { Name = "waits" }, async (_, call) =>
        {
            await call.ReportProgressAsync(1);
            started.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return McpPromptResult.FromText("never");
        }).Build());

        await peer.SendAsync(Messages.Request("prompts/get", "7", """{"name":"waits","_meta":{"progressToken":"p"}}"""));
        Assert.Equal("notifications/progress", (await peer.ReceiveAsync()).GetProperty("method").GetString());
        await started.Task.WaitAsync(TestPeer.Patience);
        await peer.SendAsync(Messages.Cancel("7"));

        await peer.AssertQuietAsync();
    }

    [Fact]
    public void FaultsAreReportedAllAtOnce()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => PeregrineServer.CreateBuilder("s", "1")
            .AddPrompt(new McpPromptDefinition { Name = "" }, static _ => new McpPromptResult())
            .AddPrompt(new McpPromptDefinition { Name = "a" }, static _ => new McpPromptResult())
            .AddPrompt(new McpPromptDefinition { Name = "a", Arguments = [new() { Name = "x" }, new() { Name = "x" }, new() { Name = "" }] }, static _ => new McpPromptResult())
            .Build());

        foreach (var part in new[] { "must be 1 to 256", "Two prompts", "Two arguments", "has no name" })
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    private static string Get(string name, string arguments = "{}", bool stateless = false) =>
        Messages.Request("prompts/get", "1", $$"""{"name":"{{name}}","arguments":{{arguments}}{{(stateless ? ",\"_meta\":" + Messages.Meta : "")}} }""");

    private static PeregrineServerBuilder Describe() => PeregrineServer.CreateBuilder("prompts", "1.0")
        .AddPrompt(new McpPromptDefinition { Name = "plain" }, static _ => McpPromptResult.FromText("plain"))
        .AddPrompt(new McpPromptDefinition
        {
            Name = "review",
            Title = "Review",
            Description = "Reviews code",
            Arguments = [new McpPromptArgument { Name = "code", Title = "Code", Description = "The code", Required = true }, new McpPromptArgument { Name = "language" }],
            Icons = "[]"u8.ToArray(),
            Meta = """{"a":1}"""u8.ToArray(),
        }, static arguments => McpPromptResult.FromText($"Review {arguments["code"]} in {arguments["language"] ?? "English"}, please.") with { Description = "A review" })
        .AddPrompt(new McpPromptDefinition { Name = "every" }, static _ => new McpPromptResult
        {
            Messages =
            [
                new McpPromptMessage(McpRole.User, McpContent.Resource(McpResourceContents.FromText("t://r", "embedded", "text/plain"))),
                new McpPromptMessage(McpRole.Assistant, McpContent.Image(new byte[] { 1 }, "image/png")),
            ],
        })
        .AddPrompt(new McpPromptDefinition { Name = "late" }, static async (_, call) =>
        {
            await Task.Yield();
            return McpPromptResult.FromUser(McpContent.Text($"{call.ProtocolVersion}"), McpContent.Audio(new byte[] { 2 }, "audio/wav"),
                McpContent.ResourceLink(new McpResourceDefinition { Uri = "t://link", Name = "link" }));
        })
        .AddPrompt(new McpPromptDefinition { Name = "empty" }, static _ => new McpPromptResult())
        .AddPrompt(new McpPromptDefinition { Name = "refuses" }, static (_, _) => throw new McpToolException("not today"))
        .AddPrompt(new McpPromptDefinition { Name = "breaks" }, static async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("secret");
        });
}
