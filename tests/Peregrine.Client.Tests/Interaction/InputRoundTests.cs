using System.Text;
using System.Text.Json;
using Peregrine.Client.Interaction;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Interaction;

/// <summary>What servers ask: in the stateless era as the result of a call, in the session era as requests.</summary>
public sealed class InputRoundTests
{
    private const string Discovered = "\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{},\"resultType\":\"complete\"}";
    private const string Initialized = "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

    private const string Questions = """
        "result":{"resultType":"input_required","requestState":"a\u0041\/b","inputRequests":{
          "who\n":{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","default":30}}}}},
          "said":{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":5}},
          "where":{"method":"roots/list"}}}
        """;

    private static PeregrineClientOptions Options => new()
    {
        OnElicitation = static (question, _) => new(question.Message == "Who?" ? ElicitationReply.Accept("{\"name\":\"Ada\"}"u8.ToArray()) : ElicitationReply.Decline),
        OnSampling = static (question, _) => new(SamplingReply.FromText($"at most {question.MaxTokens}", "m")),
        OnRoots = static _ => new([new ClientRoot("file:///a", "A"), new ClientRoot("file:///b")]),
    };

    [Fact]
    public async Task Questions_are_answered_and_the_call_goes_on_with_the_state()
    {
        var rounds = 0;
        var server = new ScriptedServer((method, _) => method switch
        {
            "server/discover" => Discovered,
            "tools/call" or "resources/read" or "prompts/get" => ++rounds % 2 == 1 ? Questions.ReplaceLineEndings("") : "\"result\":{\"resultType\":\"complete\",\"content\":[],\"contents\":[],\"messages\":[]}",
            _ => null,
        });
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, Options).Soon();
        (await client.CallToolAsync("t", "{\"x\":1}"u8.ToArray()).Soon()).Dispose();
        (await client.ReadResourceAsync("test://r").Soon()).Dispose();
        (await client.GetPromptAsync("p", new Dictionary<string, string> { ["k"] = "v" }).Soon()).Dispose();

        var messages = server.Messages.Skip(1).ToArray();
        Assert.Equal(6, messages.Length);
        Assert.Equal(6, messages.Select(static message => message.GetProperty("id").GetRawText()).Distinct().Count());
        foreach (var (first, second) in new[] { (messages[0], messages[1]), (messages[2], messages[3]), (messages[4], messages[5]) })
        {
            Assert.False(first.GetProperty("params").TryGetProperty("requestState", out _));
            var parameters = second.GetProperty("params");
            Assert.Equal("\"a\\u0041\\/b\"", parameters.GetProperty("requestState").GetRawText());
            Assert.Equal(
                """{"who\n":{"action":"accept","content":{"name":"Ada","age":30}},"said":{"role":"assistant","content":{"type":"text","text":"at most 5"},"model":"m","stopReason":"endTurn"},"where":{"roots":[{"uri":"file:///a","name":"A"},{"uri":"file:///b"}]}}""",
                parameters.GetProperty("inputResponses").GetRawText());
            foreach (var member in first.GetProperty("params").EnumerateObject().Where(static member => member.Name != "_meta"))
            {
                Assert.Equal(member.Value.GetRawText(), parameters.GetProperty(member.Name).GetRawText());
            }
        }

        AssertCapabilities(messages[0].GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/clientCapabilities"), "{}");
    }

    [Fact]
    public async Task A_question_without_a_handler_is_the_callers_to_answer()
    {
        var server = new ScriptedServer((method, _) => method == "server/discover" ? Discovered : Questions.ReplaceLineEndings(""));
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, Options with { OnRoots = null }).Soon();
        using (var result = await client.CallToolAsync("t").Soon())
        {
            Assert.Equal("input_required", result.ResultType);
        }

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => client.ReadResourceAsync("test://r").Soon());
        Assert.Contains("OnRoots", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_without_end_is_given_up()
    {
        var server = new ScriptedServer((method, _) => method == "server/discover" ? Discovered : "\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"r\":{\"method\":\"roots/list\"}}}");
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, Options with { MaxInputRounds = 3 }).Soon();
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => client.CallToolAsync("t").Soon());
        Assert.Contains("MaxInputRounds", exception.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Methods.Count(static method => method == "tools/call"));
        Assert.False(server.Messages[^1].GetProperty("params").TryGetProperty("requestState", out _));
    }

    [Fact]
    public async Task A_state_alone_is_brought_back_after_a_pause()
    {
        var time = new ManualTime();
        var calls = 0;
        var server = new ScriptedServer((method, _) => method == "server/discover" ? Discovered
            : ++calls == 1 ? "\"result\":{\"resultType\":\"input_required\",\"requestState\":\"later\"}" : "\"result\":{\"resultType\":\"complete\",\"content\":[]}");
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { TimeProvider = time }).Soon();
        var call = client.CallToolAsync("t").AsTask();
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(50)).Soon();
        Assert.Equal(1, calls);
        time.Advance(TimeSpan.FromMilliseconds(50));
        (await call.Soon()).Dispose();
        Assert.Equal("later", server.Messages[^1].GetProperty("params").GetProperty("requestState").GetString());
        Assert.False(server.Messages[^1].GetProperty("params").TryGetProperty("inputResponses", out _));
    }

    [Theory]
    [InlineData("elicitation/create", """{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string","default":"no"},"b":{"type":"boolean","default":true}}}}""", """{"action":"accept","content":{"name":"Ada","b":true}}""")]
    [InlineData("elicitation/create", """{"message":"Other?","requestedSchema":{"type":"object","properties":{"b":{"default":true}}}}""", """{"action":"decline"}""")]
    [InlineData("elicitation/create", """{"mode":"url","message":"Who?","url":"https://example.com","elicitationId":"1"}""", null)]
    [InlineData("sampling/createMessage", """{"messages":[],"maxTokens":7}""", """{"role":"assistant","content":{"type":"text","text":"at most 7"},"model":"m","stopReason":"endTurn"}""")]
    [InlineData("roots/list", "{}", """{"roots":[{"uri":"file:///a","name":"A"},{"uri":"file:///b"}]}""")]
    [InlineData("tasks/list", "{}", null)]
    public async Task In_the_session_era_they_are_requests(string method, string parameters, string? expected)
    {
        var answered = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var declared = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pair = Transport.InMemory.InMemoryStreams.Create();
        var serving = Task.Run(async () =>
        {
            using var reader = new StreamReader(pair.Server.Input);
            while (await reader.ReadLineAsync() is { } line)
            {
                var message = JsonElement.Parse(line);
                if (!message.TryGetProperty("method", out var name))
                {
                    answered.TrySetResult(message);
                }
                else if (name.GetString() == "initialize")
                {
                    declared.TrySetResult(message.GetProperty("params").GetProperty("capabilities"));
                    await SendAsync($$"""{"jsonrpc":"2.0","id":{{message.GetProperty("id").GetRawText()}},{{Initialized}}}""");
                }
                else if (name.GetString() == "notifications/initialized")
                {
                    await SendAsync($$"""{"jsonrpc":"2.0","id":"q","method":"{{method}}","params":{{parameters}}}""");
                }
            }
        });
        await using (await PeregrineClient.ConnectAsync(
            DuplexConnection.Start(pair.Client.Input, pair.Client.Output, "scripted"), Options with { Era = ProtocolEra.Session }).Soon())
        {
            AssertCapabilities(await declared.Task.Soon(), """{"listChanged":true}""");
            var answer = await answered.Task.Soon();
            Assert.Equal("q", answer.GetProperty("id").GetString());
            Assert.Equal(expected, answer.TryGetProperty("result", out var result) ? result.GetRawText() : null);
            Assert.Equal(expected is null, answer.TryGetProperty("error", out _));
        }

        await serving.Soon();

        async Task SendAsync(string line)
        {
            await pair.Server.Output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            await pair.Server.Output.FlushAsync();
        }
    }

    private static void AssertCapabilities(JsonElement declared, string roots)
    {
        Assert.Equal("""{"form":{}}""", declared.GetProperty("elicitation").GetRawText());
        Assert.Equal("{}", declared.GetProperty("sampling").GetRawText());
        Assert.Equal(roots, declared.GetProperty("roots").GetRawText());
    }
}
