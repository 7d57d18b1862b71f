using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Tests.Serving;

namespace Peregrine.Gateway.Tests.Bridging;

/// <summary>Servers that end the stream of a call that goes on (2025-11-25, polling), seen through the gateway.</summary>
public sealed class CallStreamTests
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(123);

    [Fact]
    public async Task A_stream_that_the_server_ends_is_ended_for_the_caller_who_comes_back_for_the_reply()
    {
        var goOn = new TaskCompletionSource();
        await using var server = await HttpServer.StartAsync(new DelegateTool("poll", async call =>
        {
            Assert.True(await call.CloseStreamAsync(RetryAfter));
            await goOn.Task;
            call.ReturnText("the rest");
        }));
        await using var gateway = await server.StartGatewayAsync("session");
        using var http = new HttpClient();
        var session = await OpenAsync(http, gateway.Endpoint);

        string first;
        using (var call = Post(gateway.Endpoint, session, """{"jsonrpc":"2.0","id":"call-1","method":"tools/call","params":{"name":"poll"}}"""))
        using (var response = await http.SendAsync(call))
        {
            // It ends, although the call has not.
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            first = await response.Content.ReadAsStringAsync().WaitAsync(RunningGateway.Patience);
        }

        Assert.Contains("\nretry: 123\n", first.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("the rest", first, StringComparison.Ordinal);
        var id = first.Split('\n').Last(static line => line.StartsWith("id:", StringComparison.Ordinal))[3..].Trim();
        goOn.SetResult();

        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Endpoint);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("Last-Event-ID", id);
        using var rest = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, rest.StatusCode);
        var reply = (await rest.Content.ReadAsStringAsync().WaitAsync(RunningGateway.Patience)).Split('\n').Last(static line => line.StartsWith("data:", StringComparison.Ordinal))[5..];
        Assert.Equal("call-1", (string)JsonNode.Parse(reply)!["id"]!);
        Assert.Equal("the rest", (string)JsonNode.Parse(reply)!["result"]!["content"]![0]!["text"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_cannot_come_back_waits_for_the_reply(bool stateless)
    {
        await using var server = await HttpServer.StartAsync(new DelegateTool("poll", static async call =>
        {
            await call.CloseStreamAsync(RetryAfter);
            call.ReturnText("the rest");
        }));
        await using var gateway = await server.StartGatewayAsync("session");

        // Without a session nothing is kept for it.
        var reply = stateless ? await gateway.StatelessAsync("tools/call", """{"name":"poll"}""") : await gateway.SessionAsync("tools/call", """{"name":"poll"}""");

        Assert.Contains("the rest", reply, StringComparison.Ordinal);
    }

    private static async Task<string> OpenAsync(HttpClient http, Uri endpoint)
    {
        using var initialize = Post(endpoint, null,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        using var response = await http.SendAsync(initialize);
        var session = response.Headers.GetValues("Mcp-Session-Id").Single();
        using var initialized = Post(endpoint, session, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        (await http.SendAsync(initialized)).Dispose();
        return session;
    }

    private static HttpRequestMessage Post(Uri endpoint, string? session, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return request;
    }
}
