using System.Net;
using System.Text.Json;
using Peregrine.Conformance.Tests.Targets;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>
/// The suite takes a reply as JSON or as events alike. A reply that has no notifications ahead of it must be one JSON object of a told length: that is what proxies, caches and
/// small clients can take.
/// </summary>
[Collection(DirectCollection.Name)]
public sealed class JsonReplyTests(DirectTarget target)
{
    private const string Progress = "\"name\":\"test_tool_with_progress\"";
    private const string Completion = "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"test_prompt_with_arguments\"},\"argument\":{\"name\":\"arg1\",\"value\":\"te\"}";
    private const string WantsProgress = "\"progressToken\":1";

    [Theory]
    [InlineData("2025-03-26", "ping")]
    [InlineData("2025-06-18", "ping")]
    [InlineData("2025-11-25", "ping")]
    [InlineData("2025-11-25", "tools/list")]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_simple_text\"")]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_simple_text\"", WantsProgress)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_error_handling\"")]
    [InlineData("2025-11-25", "tools/call", Progress)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"no_such_tool\"")]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_tool_with_logging\"")]
    [InlineData("2025-11-25", "resources/list")]
    [InlineData("2025-11-25", "resources/templates/list")]
    [InlineData("2025-11-25", "resources/read", "\"uri\":\"test://static-binary\"")]
    [InlineData("2025-11-25", "resources/read", "\"uri\":\"test://template/1/data\"")]
    [InlineData("2025-11-25", "resources/read", "\"uri\":\"test://nowhere\"")]
    [InlineData("2025-11-25", "prompts/list")]
    [InlineData("2025-11-25", "prompts/get", "\"name\":\"test_simple_prompt\"")]
    [InlineData("2025-11-25", "completion/complete", Completion)]
    [InlineData("2025-11-25", "no/such")]
    [InlineData("2026-07-28", "server/discover")]
    [InlineData("2026-07-28", "tools/list")]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_simple_text\"")]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_simple_text\"", WantsProgress)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_error_handling\"")]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_multiple_content_types\"")]
    [InlineData("2026-07-28", "tools/call", Progress)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"no_such_tool\"")]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_input_required_result_elicitation\"", "", HttpStatusCode.BadRequest)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_logging_tool\"")]
    [InlineData("2026-07-28", "resources/list")]
    [InlineData("2026-07-28", "resources/templates/list")]
    [InlineData("2026-07-28", "resources/read", "\"uri\":\"test://static-binary\"")]
    [InlineData("2026-07-28", "resources/read", "\"uri\":\"test://template/1/data\"")]
    [InlineData("2026-07-28", "resources/read", "\"uri\":\"test://nowhere\"")]
    [InlineData("2026-07-28", "prompts/list")]
    [InlineData("2026-07-28", "prompts/get", "\"name\":\"test_simple_prompt\"")]
    [InlineData("2026-07-28", "completion/complete", Completion)]
    [InlineData("2026-07-28", "ping", "", "", HttpStatusCode.NotFound)]
    [InlineData("2026-07-28", "no/such", "", "", HttpStatusCode.NotFound)]
    public async Task AReplyWithoutNotificationsIsJsonOfAToldLength(string revision, string method, string members = "", string meta = "", HttpStatusCode status = HttpStatusCode.OK)
    {
        using var http = new HttpRequests(target.Endpoint, revision);

        using var response = await http.SendAsync(method, members, meta);

        Assert.Equal(status, response.StatusCode);
        await IsReplyOfToldLengthAsync(response);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task ACallerThatTakesOnlyJsonGetsItAlsoWhereNotificationsWereAskedFor(string revision)
    {
        using var http = new HttpRequests(target.Endpoint, revision);

        using var response = await http.SendAsync("tools/call", Progress, WantsProgress, "application/json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await IsReplyOfToldLengthAsync(response);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task NotificationsComeAheadOfTheReplyOnOneStream(string revision)
    {
        using var http = new HttpRequests(target.Endpoint, revision);

        using var response = await http.SendAsync("tools/call", Progress, WantsProgress);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        List<JsonElement> messages = [.. (await response.Content.ReadAsStringAsync()).Split('\n')
            .Where(static line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(static line => Json.Parse(line[6..]))];
        Assert.Equal(4, messages.Count);
        Assert.All(messages[..3], static message => Assert.Equal("notifications/progress", message.GetProperty("method").GetString()));
        Assert.Equal(HttpRequests.Id, messages[3].GetProperty("id").GetString());
    }

    private static async Task IsReplyOfToldLengthAsync(HttpResponseMessage response)
    {
        // The body was not read yet: a length that is there was sent.
        var told = response.Content.Headers.ContentLength;
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(body.Length, told);
        Assert.NotEqual(true, response.Headers.TransferEncodingChunked);
        using var document = JsonDocument.Parse(body);
        Assert.Equal(HttpRequests.Id, document.RootElement.GetProperty("id").GetString());
    }
}
