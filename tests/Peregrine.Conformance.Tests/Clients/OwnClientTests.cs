using System.Collections.Concurrent;
using System.Text;
using Peregrine.Client;
using Peregrine.Client.Completion;
using Peregrine.Client.Connecting;
using Peregrine.Client.Interaction;
using Peregrine.Client.Logging;
using Peregrine.Client.Subscriptions;
using Peregrine.Client.Tools;
using Peregrine.Conformance.Tests.Targets;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Conformance.Tests.Clients;

/// <summary>Our client against our fixture of the official suite: everything that it has, in both eras, over HTTP.</summary>
[Collection(DirectCollection.Name)]
public sealed class OwnClientTests(DirectTarget target)
{
    private readonly ConcurrentQueue<ServerLogMessage> _log = new();

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Everything_of_both_eras(ProtocolEra era)
    {
        await using var client = await ConnectAsync(era);
        var tools = await client.ListToolsAsync();
        Assert.Contains("test_simple_text", tools.Select(static tool => tool.Name));
        Assert.Equal("This is a simple text response for testing.", await CallAsync(client, "test_simple_text"));
        using (var mixed = await client.CallToolAsync("test_multiple_content_types"))
        {
            Assert.Equal(["text", "image", "resource"], mixed.Parts.Select(static part => part.Type));
        }

        using (var failed = await client.CallToolAsync("test_error_handling"))
        {
            Assert.True(failed.IsError);
        }

        var progress = new Seen();
        (await client.CallToolAsync("test_tool_with_progress", default, progress)).Dispose();
        Assert.Equal([0, 50, 100], progress.Values.Select(static one => (int)one.Progress));
        Assert.Equal("This is the content of the static text resource.", await ReadAsync(client, "test://static-text"));
        Assert.Contains("\"id\":\"123\"", await ReadAsync(client, "test://template/123/data"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<McpPeerException>(() => ReadAsync(client, "test://nowhere"));
        using (var prompt = await client.GetPromptAsync("test_prompt_with_arguments", new Dictionary<string, string> { ["arg1"] = "hello", ["arg2"] = "world" }))
        {
            Assert.Equal("Prompt with arguments: arg1='hello', arg2='world'", prompt.Messages[0].Content.Text);
        }

        await client.CompleteAsync(CompletionTarget.Prompt("test_prompt_with_arguments"), "arg1", "x");
        Assert.NotEmpty(await client.ListResourceTemplatesAsync());
        Assert.NotEmpty(await client.ListPromptsAsync());
        Assert.NotEmpty((await client.ListToolsPageAsync(null)).Items);
        await client.PingAsync();
    }

    [Fact]
    public async Task Questions_of_the_session_era()
    {
        await using var client = await ConnectAsync(ProtocolEra.Session);
        Assert.Contains("LLM response: sampled", await CallAsync(client, "test_sampling", """{"prompt":"x"}"""), StringComparison.Ordinal);
        Assert.Contains("accept", await CallAsync(client, "test_elicitation", """{"message":"x"}"""), StringComparison.Ordinal);
        Assert.Contains("John Doe", await CallAsync(client, "test_elicitation_sep1034_defaults"), StringComparison.Ordinal);
        await client.SetLogLevelAsync(ServerLogLevel.Debug);
        (await client.CallToolAsync("test_tool_with_logging")).Dispose();
        Assert.Equal(["Tool execution started", "Tool processing data", "Tool execution completed"], _log.Select(static message => message.ToString()));
    }

    [Fact]
    public async Task Questions_of_the_stateless_era()
    {
        await using var client = await ConnectAsync(ProtocolEra.Stateless);
        Assert.Equal("Hello, Ada!", await CallAsync(client, "test_input_required_result_elicitation"));
        Assert.Contains("sampled", await CallAsync(client, "test_input_required_result_sampling"), StringComparison.Ordinal);
        Assert.Contains("1", await CallAsync(client, "test_input_required_result_list_roots"), StringComparison.Ordinal);
        Assert.Contains("state-ok", await CallAsync(client, "test_input_required_result_request_state"), StringComparison.Ordinal);
        await CallAsync(client, "test_input_required_result_multiple_inputs");
        await CallAsync(client, "test_input_required_result_multi_round");
        (await client.GetPromptAsync("test_input_required_result_prompt")).Dispose();
        await client.SetLogLevelAsync(ServerLogLevel.Info);
        (await client.CallToolAsync("test_logging_tool")).Dispose();
        Assert.NotEmpty(_log);
        await client.ListToolsAsync();
        Assert.Contains("Ålesund", await CallAsync(client, "test_header_tool", """{"region":"Ålesund"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task Changes_are_told(ProtocolEra era)
    {
        await using var client = await ConnectAsync(era);
        var told = new TaskCompletionSource<ServerChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await client.SubscribeAsync(new SubscriptionRequest { Tools = true, OnChange = change => told.TrySetResult(change) });

        // In the session era the stream on which it is told opens beside the first requests.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!told.Task.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            (await client.CallToolAsync("test_trigger_tool_change", default, progress: null, patience.Token)).Dispose();
        }

        Assert.Equal(new ServerChange(ServerChangeKind.Tools, null), await told.Task);
    }

    private ValueTask<PeregrineClient> ConnectAsync(ProtocolEra era) => PeregrineClient.ConnectAsync(target.Endpoint, new PeregrineClientOptions
    {
        Era = era,
        EraStore = new InMemoryEraStore(),
        OnElicitation = static (question, _) => new(ElicitationReply.Accept(Encoding.UTF8.GetBytes(Answer(Encoding.UTF8.GetString(question.RequestedSchema.Span))))),
        OnSampling = static (_, _) => new(SamplingReply.FromText("sampled", "m")),
        OnRoots = static _ => new([new ClientRoot("file:///one")]),
        OnLog = _log.Enqueue,
    });

    private static string Answer(string schema) => schema.Contains("\"defaults\"", StringComparison.Ordinal) ? "{}"
        : schema.Contains("\"username\"", StringComparison.Ordinal) ? """{"username":"ada","email":"ada@example.com"}"""
        : schema.Contains("\"ok\"", StringComparison.Ordinal) ? """{"ok":true}"""
        : schema.Contains("\"color\"", StringComparison.Ordinal) ? """{"color":"blue"}"""
        : schema.Contains("\"context\"", StringComparison.Ordinal) ? """{"context":"c"}"""
        : schema.Contains("John Doe", StringComparison.Ordinal) ? "{}"
        : """{"name":"Ada"}""";

    private static async Task<string> CallAsync(PeregrineClient client, string tool, string arguments = "{}")
    {
        using var result = await client.CallToolAsync(tool, Encoding.UTF8.GetBytes(arguments));
        Assert.False(result.IsError, $"{tool}: {result.GetText()}");
        Assert.Equal("complete", result.ResultType);
        return result.GetText();
    }

    private static async Task<string> ReadAsync(PeregrineClient client, string uri)
    {
        using var content = await client.ReadResourceAsync(uri);
        return content.GetText();
    }

    private sealed class Seen : IProgress<CallProgress>
    {
        internal ConcurrentQueue<CallProgress> Values { get; } = new();

        public void Report(CallProgress value) => Values.Enqueue(value);
    }
}
