using System.Text.Json;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>The suite speaks HTTP only: here the conformance server is spoken to over its standard streams, and what it says is held against the published schemas.</summary>
public sealed class StdioTests
{
    private const string Elicited = """{"action":"accept","content":{"name":"Ada"}}""";
    private const string Sampled = """{"role":"assistant","content":{"type":"text","text":"Because."},"model":"test"}""";
    private const string Rooted = """{"roots":[{"uri":"file:///work"}]}""";

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task ASessionIsServedInTheRevisionThatWasAskedFor(string revision)
    {
        var (server, greeting) = await StdioConversation.OpenAsync(revision);
        await using var conversation = server;

        Assert.Equal(revision, greeting.GetProperty("result").GetProperty("protocolVersion").GetString());
        Assert.Empty((await conversation.AskAsync("ping")).GetProperty("result").EnumerateObject());
        Assert.Equal(-32601, (await conversation.AskAsync("no/such")).GetProperty("error").GetProperty("code").GetInt32());
        await AnswersAndEndsAsync(conversation);
    }

    [Fact]
    public async Task TheStatelessEraIsServedWithoutAGreeting()
    {
        var (server, greeting) = await StdioConversation.OpenAsync("2026-07-28");
        await using var conversation = server;

        Assert.Contains("2026-07-28", greeting.GetProperty("result").GetProperty("supportedVersions").EnumerateArray().Select(static version => version.GetString()));
        Assert.Equal(-32601, (await conversation.AskAsync("ping")).GetProperty("error").GetProperty("code").GetInt32());
        await AnswersAndEndsAsync(conversation);
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task EveryMessageFitsThePublishedSchema(string revision)
    {
        var schema = PublishedSchema.Of(revision);
        var (server, greeting) = await StdioConversation.OpenAsync(revision);
        await using var conversation = server;
        Fits(schema, greeting.GetProperty("result"), conversation.IsStateless ? "DiscoverResult" : "InitializeResult");

        var list = await conversation.AskAsync("tools/list");
        Fits(schema, list.GetProperty("result"), "ListToolsResult");
        foreach (var tool in new[] { "test_simple_text", "test_image_content", "test_audio_content", "test_embedded_resource", "test_multiple_content_types", "test_error_handling" })
        {
            var reply = await conversation.AskAsync("tools/call", $"\"name\":\"{tool}\"");
            Fits(schema, reply, "JSONRPCResultResponse", "JSONRPCResponse");
            Fits(schema, reply.GetProperty("result"), "CallToolResult");
        }

        await conversation.SendAsync(Messages.Request("tools/call", "\"with progress\"",
            $$"""{"name":"test_tool_with_progress","_meta":{{(conversation.IsStateless ? Messages.Meta[..^1] + "," : "{")}}"progressToken":"t"} }"""));
        await conversation.ReplyAsync("\"with progress\"");
        var progress = conversation.Lines.Select(Json.Parse).Where(static message => message.TryGetProperty("method", out _)).ToList();
        Assert.Equal(3, progress.Count);
        Assert.All(progress, message => Fits(schema, message, "ProgressNotification"));
        Fits(schema, await conversation.AskAsync("no/such"), "JSONRPCErrorResponse", "JSONRPCError");
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task WhatIsReadFitsThePublishedSchema(string revision)
    {
        var schema = PublishedSchema.Of(revision);
        var (server, _) = await StdioConversation.OpenAsync(revision);
        await using var conversation = server;

        Fits(schema, await ResultAsync("resources/list"), "ListResourcesResult");
        Fits(schema, await ResultAsync("resources/templates/list"), "ListResourceTemplatesResult");
        Fits(schema, await ResultAsync("resources/read", "\"uri\":\"test://static-text\""), "ReadResourceResult");
        Fits(schema, await ResultAsync("resources/read", "\"uri\":\"test://static-binary\""), "ReadResourceResult");
        Fits(schema, await ResultAsync("prompts/list"), "ListPromptsResult");
        foreach (var prompt in new[] { "test_simple_prompt\"", "test_prompt_with_image\"", "test_prompt_with_embedded_resource\",\"arguments\":{\"resourceUri\":\"test://a\"}" })
        {
            Fits(schema, await ResultAsync("prompts/get", $"\"name\":\"{prompt}"), "GetPromptResult");
        }

        var completion = "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"test_prompt_with_arguments\"},\"argument\":{\"name\":\"arg1\",\"value\":\"te\"}";
        Fits(schema, await ResultAsync("completion/complete", completion), "CompleteResult");

        async Task<JsonElement> ResultAsync(string method, string members = "")
        {
            var reply = await conversation.AskAsync(method, members);
            return reply.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(reply.GetRawText());
        }
    }

    [Theory]
    [InlineData("2024-11-05", "sampling/createMessage", "CreateMessageRequest", "test_sampling", "\"prompt\":\"Why?\"", Sampled, "LLM response: Because.")]
    [InlineData("2025-03-26", "sampling/createMessage", "CreateMessageRequest", "test_sampling", "\"prompt\":\"Why?\"", Sampled, "LLM response: Because.")]
    [InlineData("2025-06-18", "sampling/createMessage", "CreateMessageRequest", "test_sampling", "\"prompt\":\"Why?\"", Sampled, "LLM response: Because.")]
    [InlineData("2025-11-25", "sampling/createMessage", "CreateMessageRequest", "test_sampling", "\"prompt\":\"Why?\"", Sampled, "LLM response: Because.")]
    [InlineData("2025-06-18", "elicitation/create", "ElicitRequest", "test_input_required_result_elicitation", "", Elicited, "Hello, Ada!")]
    [InlineData("2025-11-25", "elicitation/create", "ElicitRequest", "test_input_required_result_elicitation", "", Elicited, "Hello, Ada!")]
    [InlineData("2025-11-25", "roots/list", "ListRootsRequest", "test_input_required_result_list_roots", "", Rooted, "The client has 1 roots: file:///work")]
    public async Task AToolOfASessionAsksTheClient(string revision, string method, string definition, string tool, string arguments, string answer, string text)
    {
        var schema = PublishedSchema.Of(revision);
        var (server, _) = await StdioConversation.OpenAsync(revision);
        await using var conversation = server;

        var call = await conversation.BeginAsync("tools/call", $"\"name\":\"{tool}\",\"arguments\":{{{arguments}}}");

        Fits(schema, await conversation.AnswerAsync(method, answer), definition);
        Assert.Equal(text, TextOf(await conversation.ReplyAsync(call)));
    }

    [Theory]
    [InlineData("test_input_required_result_elicitation", "user_name", Elicited, "Hello, Ada!")]
    [InlineData("test_input_required_result_sampling", "capital_question", Sampled, "Because.")]
    [InlineData("test_input_required_result_list_roots", "client_roots", Rooted, "The client has 1 roots: file:///work")]
    public async Task AToolOfTheStatelessEraIsAnsweredWithARetry(string tool, string key, string answer, string text)
    {
        var schema = PublishedSchema.Of("2026-07-28");
        var (server, _) = await StdioConversation.OpenAsync("2026-07-28");
        await using var conversation = server;
        var asked = (await conversation.AskAsync("tools/call", $"\"name\":\"{tool}\"")).GetProperty("result");
        Fits(schema, asked, "InputRequiredResult");
        Assert.Equal([key], asked.GetProperty("inputRequests").EnumerateObject().Select(static request => request.Name));

        var answered = await conversation.AskAsync("tools/call",
            $"\"name\":\"{tool}\",\"requestState\":{asked.GetProperty("requestState").GetRawText()},\"inputResponses\":{{\"{key}\":{answer}}}");

        Assert.Equal(text, TextOf(answered));
    }

    private static string? TextOf(JsonElement reply) =>
        reply.TryGetProperty("result", out var result) ? result.GetProperty("content")[0].GetProperty("text").GetString() : reply.GetRawText();

    private static async Task AnswersAndEndsAsync(StdioConversation conversation)
    {
        var tools = (await conversation.AskAsync("tools/list")).GetProperty("result").GetProperty("tools");
        Assert.Equal("test_simple_text", tools[0].GetProperty("name").GetString());
        var reply = await conversation.AskAsync("tools/call", "\"name\":\"test_simple_text\"");
        Assert.Equal("This is a simple text response for testing.", reply.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());

        var end = await conversation.EndAsync();

        Assert.Equal(0, end.ExitCode);
        Assert.Equal("", end.Error);
        Assert.All(conversation.Lines, static line => Assert.Equal("2.0", Json.Parse(line).GetProperty("jsonrpc").GetString()));
    }

    private static void Fits(PublishedSchema schema, JsonElement value, params ReadOnlySpan<string> names) =>
        Assert.Equal("", string.Join('\n', schema.Judge(value, names)));
}
