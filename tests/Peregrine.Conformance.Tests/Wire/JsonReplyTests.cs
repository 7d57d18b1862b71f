using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Peregrine.Conformance.Tests.Targets;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>
/// The suite takes a reply as JSON or as events alike. A reply that has no notifications ahead of it must be one JSON object of a told length: that is what proxies, caches and
/// small clients can take.
/// </summary>
[Collection(DirectCollection.Name)]
public sealed class JsonReplyTests(DirectTarget target) : IDisposable
{
    private const string Both = "application/json, text/event-stream";

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("2025-03-26", "ping", "", HttpStatusCode.OK)]
    [InlineData("2025-06-18", "ping", "", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "ping", "", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "tools/list", "", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_simple_text\"", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_error_handling\"", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_tool_with_progress\"", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"test_simple_text\",\"_meta\":{\"progressToken\":1}", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "tools/call", "\"name\":\"no_such_tool\"", HttpStatusCode.OK)]
    [InlineData("2025-11-25", "no/such", "", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "server/discover", "", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "tools/list", "", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_simple_text\"", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_error_handling\"", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"test_multiple_content_types\"", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "tools/call", "\"name\":\"no_such_tool\"", HttpStatusCode.OK)]
    [InlineData("2026-07-28", "ping", "", HttpStatusCode.NotFound)]
    [InlineData("2026-07-28", "no/such", "", HttpStatusCode.NotFound)]
    public async Task AReplyWithoutNotificationsIsJsonOfAToldLength(string revision, string method, string members, HttpStatusCode status)
    {
        using var response = await SendAsync(revision, method, members, Both);

        Assert.Equal(status, response.StatusCode);
        await IsReplyOfToldLengthAsync(response);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task ACallerThatTakesOnlyJsonGetsItAlsoWhereNotificationsWereAskedFor(string revision)
    {
        using var response = await SendAsync(revision, "tools/call", "\"name\":\"test_tool_with_progress\"", "application/json", "\"progressToken\":1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await IsReplyOfToldLengthAsync(response);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task NotificationsComeAheadOfTheReplyOnOneStream(string revision)
    {
        using var response = await SendAsync(revision, "tools/call", "\"name\":\"test_tool_with_progress\"", Both, "\"progressToken\":1");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var messages = (await response.Content.ReadAsStringAsync()).Split('\n').Where(static line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(static line => StdioConversation.Parse(line[6..])).ToList();
        Assert.Equal(4, messages.Count);
        Assert.All(messages[..3], static message => Assert.Equal("notifications/progress", message.GetProperty("method").GetString()));
        Assert.Equal("asked", messages[3].GetProperty("id").GetString());
    }

    private static async Task IsReplyOfToldLengthAsync(HttpResponseMessage response)
    {
        // The headers come before the body is read: a length that is there was sent.
        var told = response.Content.Headers.ContentLength;
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(body.Length, told);
        Assert.NotEqual(true, response.Headers.TransferEncodingChunked);
        using var document = JsonDocument.Parse(body);
        Assert.Equal("asked", document.RootElement.GetProperty("id").GetString());
    }

    private Task<HttpResponseMessage> SendAsync(string revision, string method, string members, string accept, string meta = "")
    {
        var stateless = revision == "2026-07-28";
        var tool = members.StartsWith("\"name\":\"", StringComparison.Ordinal) ? members.Split('"')[3] : null;
        string[] metaMembers = [stateless ? Messages.Meta[1..^1] : "", meta];
        string[] parts = [members, members.Contains("_meta", StringComparison.Ordinal) ? "" : $$"""
            "_meta":{{{string.Join(',', metaMembers.Where(static part => part.Length > 0))}}}
            """];
        var body = Messages.Request(method, "\"asked\"", $"{{{string.Join(',', parts.Where(static part => part.Length > 0))}}}");
        var request = new HttpRequestMessage(HttpMethod.Post, target.Endpoint) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.Add("MCP-Protocol-Version", revision);
        if (stateless)
        {
            request.Headers.Add("Mcp-Method", method);
            if (tool is not null)
            {
                request.Headers.Add("Mcp-Name", tool);
            }
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
