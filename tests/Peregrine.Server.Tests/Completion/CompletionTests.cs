using Peregrine.Server.Completion;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;

namespace Peregrine.Server.Tests.Completion;

/// <summary>Proposals for arguments.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task EveryRevisionCompletes(string version)
    {
        var schema = PublishedSchema.Of(version);
        var stateless = version == "2026-07-28";
        await using var peer = TestPeer.Start(Describe().Build());
        var opened = (await peer.AskAsync(stateless ? Messages.Stateless("server/discover") : Messages.Initialize(version))).Result();
        Assert.Equal(version != "2024-11-05", opened.GetProperty("capabilities").TryGetProperty("completions", out _));

        foreach (var parameters in new[] { Prompt("language", "c"), Prompt("other", ""), Template("city", "o") })
        {
            var result = (await peer.AskAsync(Complete(parameters, stateless))).Result();
            Assert.Equal("", string.Join('\n', schema.Judge(result, "CompleteResult")));
            Assert.False(result.TryGetProperty("ttlMs", out _));
        }
    }

    [Theory]
    [InlineData("c", """{"values":["C","C#","COBOL"],"total":3,"hasMore":false}""")]
    [InlineData("", """{"values":["C","C#","COBOL","F#"],"total":4,"hasMore":false}""")]
    [InlineData("z", """{"values":[],"total":0,"hasMore":false}""")]
    public async Task ProposalsAreThoseOfTheCompleter(string written, string expected)
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal(expected, await CompletionAsync(peer, Prompt("language", written)));
    }

    [Fact]
    public async Task AnArgumentWithoutCompleterHasNoProposals()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        Assert.Equal("""{"values":[],"hasMore":false}""", await CompletionAsync(peer, Prompt("other", "x")));
        Assert.Equal("""{"values":[],"hasMore":false}""", await CompletionAsync(peer, """{"ref":{"type":"ref/resource","uri":"t://fixed"},"argument":{"name":"a","value":""}}"""));
    }

    [Fact]
    public async Task OfMoreThanAHundredTheFirstAreSent()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        var completion = (await peer.AskAsync(Complete(Template("city", "many")))).Result().GetProperty("completion");

        Assert.Equal(100, completion.GetProperty("values").GetArrayLength());
        Assert.Equal(250, completion.GetProperty("total").GetInt32());
        Assert.True(completion.GetProperty("hasMore").GetBoolean());
    }

    [Fact]
    public async Task WhatIsKnownAlreadyReachesTheCompleter()
    {
        await using var peer = TestPeer.Start(Describe().Build());

        var parameters = Template("city", "o")[..^1] + ""","context":{"arguments":{"country":"Norway"}}}""";

        Assert.Equal("""{"values":["Norway/o"],"hasMore":false}""", await CompletionAsync(peer, parameters));
    }

    [Theory]
    [InlineData("{}", "\"ref\" and \"argument\" are required")]
    [InlineData("""{"ref":5,"argument":{"name":"a","value":""}}""", "must be objects")]
    [InlineData("""{"ref":{"type":"ref/tool","name":"x"},"argument":{"name":"a","value":""}}""", "ref/resource")]
    [InlineData("""{"ref":{"type":"ref/prompt"},"argument":{"name":"a","value":""}}""", "\"name\", a string")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"a"}}""", "\"value\", both strings")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"nobody"},"argument":{"name":"a","value":""}}""", "Unknown prompt: nobody")]
    [InlineData("""{"ref":{"type":"ref/resource","uri":"t://unknown"},"argument":{"name":"a","value":""}}""", "Unknown resource template: t://unknown")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"a","value":"\ud800"}}""", "both strings")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"a","value":""},"context":5}""", "\"context\" must be an object")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"a","value":""},"context":{"arguments":{"a":5}}}""", "object of strings")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"a","value":""},"context":{"arguments":{"\ud800":"x"}}}""", "no proper text")]
    [InlineData("""{"\ud800":5,"ref":{"type":"ref/prompt","name":"nobody"},"argument":{"name":"a","value":""}}""", "")]
    public async Task AWrongRequestIsRefusedWithAnExplanation(string parameters, string explanation)
    {
        await using var peer = TestPeer.Start(Describe().Build());

        var reply = await peer.AskAsync(Complete(parameters));

        Assert.Equal(-32602, reply.Code());
        Assert.Contains(explanation, reply.Explanation(), StringComparison.Ordinal);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ManyArgumentsOfTheContextAreBounded()
    {
        await using var peer = TestPeer.Start(Describe().Build());
        var known = string.Join(',', Enumerable.Range(0, 500).Select(static i => $"\"a{i}\":\"{i}\""));

        Assert.Equal("""{"values":["64"],"hasMore":false}""",
            await CompletionAsync(peer, Template("city", "count")[..^1] + ",\"context\":{\"arguments\":{" + known + "}}}"));
    }

    [Fact]
    public void ACompletionOfNothingIsAFault()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Describe()
            .AddPromptCompletion("nobody", "a", static (_, _) => new(McpCompletionResult.None))
            .AddPromptCompletion("review", "absent", static (_, _) => new(McpCompletionResult.None))
            .AddPromptCompletion("review", "language", static (_, _) => new(McpCompletionResult.None))
            .AddResourceCompletion("t://cities/{city}", "absent", static (_, _) => new(McpCompletionResult.None))
            .Build());

        foreach (var part in new[] { "no such prompt", "prompt \"review\", but it has no such argument", "two completions for \"language\"", "template \"t://cities/{city}\", but it has no such argument" })
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    private static string Prompt(string argument, string value) => $$$"""{"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"{{{argument}}}","value":"{{{value}}}"}}""";

    private static string Template(string argument, string value) =>
        $$$"""{"ref":{"type":"ref/resource","uri":"t://cities/{city}"},"argument":{"name":"{{{argument}}}","value":"{{{value}}}"}}""";

    private static string Complete(string parameters, bool stateless = false) =>
        Messages.Request("completion/complete", "1", stateless ? parameters[..^1] + ",\"_meta\":" + Messages.Meta + "}" : parameters);

    private static async Task<string> CompletionAsync(TestPeer peer, string parameters) => (await peer.AskAsync(Complete(parameters))).Result().GetProperty("completion").GetRawText();

    private static PeregrineServerBuilder Describe() => PeregrineServer.CreateBuilder("completion", "1.0")
        .AddPrompt(new McpPromptDefinition { Name = "review", Arguments = [new() { Name = "language" }, new() { Name = "other" }] }, static _ => new McpPromptResult())
        .AddPromptCompletion("review", "language", static (request, _) => new(McpCompletionResult.FromPrefix(["C", "C#", "COBOL", "F#"], request.Value)))
        .AddResource(new McpResourceDefinition { Uri = "t://fixed", Name = "fixed" }, "fixed")
        .AddResourceTemplate(new McpResourceTemplateDefinition { UriTemplate = "t://cities/{city}", Name = "cities" }, static (_, _) => new(McpResourceResult.NotFound))
        .AddResourceCompletion("t://cities/{city}", "city", static async (request, cancellationToken) =>
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return request.Value switch
            {
                "many" => new McpCompletionResult { Values = [.. Enumerable.Range(0, 250).Select(static i => $"{i}")], Total = 250 },
                "count" => new McpCompletionResult { Values = [$"{request.Context.Count}"] },
                _ => new McpCompletionResult { Values = [$"{request.Context.GetValueOrDefault("country")}/{request.Value}"] },
            };
        });
}
