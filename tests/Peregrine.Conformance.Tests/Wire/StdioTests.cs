using System.Text.Json;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Specification;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>The suite speaks HTTP only: here the conformance server is spoken to over its standard streams, and what it says is held against the published schemas.</summary>
public sealed class StdioTests
{
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
