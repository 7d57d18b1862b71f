using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Tests.Serving;
using Peregrine.Gateway.Upstreams;
using Peregrine.Observability.Metrics;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Gateway.Tests.Routing;

/// <summary>Calls of the stateless era that are routed by their headers, their bodies unread.</summary>
public sealed class UnreadBodyTests
{
    [Theory]
    [InlineData("", BodyMode.Unread)]
    [InlineData("\"hide\": [\"other\"]", BodyMode.Scanned)]
    [InlineData("\"era\": \"session\"", BodyMode.Scanned)]
    [InlineData("\"prefix\": \"x\"", BodyMode.Scanned)]
    public async Task A_body_stays_unread_only_where_nothing_in_it_would_be_changed_or_kept_back(string settings, BodyMode expected)
    {
        await using var server = await StartServerAsync();
        await using var gateway = await RunningGateway.StartAsync(
            $$"""{"servers": { "only": { "url": "{{server.Endpoint}}" } }, "peregrine": { "servers": { "only": { {{settings}} } } } }""");
        Assert.Contains("hello", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);
        var responder = (IUnreadBodyResponder)gateway.Gateway.Responder;

        Assert.Equal(expected, Choose(settings.Contains("prefix", StringComparison.Ordinal) ? "x_hello" : "hello"));
        Assert.Equal(BodyMode.Scanned, Choose("nothing"));
        Assert.Equal(BodyMode.Scanned, Choose(null));

        BodyMode Choose(string? name) => responder.ChooseBody(new RequestHead(ProtocolVersion.V2026_07_28, McpMethod.ToolsCall, name, null));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Arguments_and_reply_pass_as_they_are(int length)
    {
        await using var server = await StartServerAsync();
        await using var gateway = await server.StartGatewayAsync("stateless");
        await gateway.SessionAsync("tools/list", "{}");
        var arguments = $$"""{"b" : 1.0, "a":[ ],"c":"\u00e9\/{{new string('x', length)}}"}""";

        var reply = JsonNode.Parse(await gateway.StatelessAsync("tools/call", $$"""{"name":"hello","arguments":{{arguments}}}"""))!;

        Assert.Equal("id-7", (string)reply["id"]!);
        Assert.Equal(arguments, (string)reply["result"]!["content"]![0]!["text"]!);
        Assert.Equal(1, gateway.Gateway.Upstreams[0].Calls.Count(RequestOutcome.Ok));
    }

    [Fact]
    public async Task Progress_comes_under_the_callers_own_token_ahead_of_the_reply()
    {
        await using var server = await StartServerAsync();
        await using var gateway = await server.StartGatewayAsync("stateless");
        await gateway.SessionAsync("tools/list", "{}");

        var events = (await gateway.StatelessAsync("tools/call", """{"name":"steps","arguments":{}}""", "\"progressToken\":\"mine\""))
            .Split('\n').Where(static line => line.StartsWith("data:", StringComparison.Ordinal)).Select(static line => JsonNode.Parse(line[5..])!).ToList();

        Assert.Equal(["mine", "mine"], events.SkipLast(1).Select(static message => (string)message["params"]!["progressToken"]!));
        Assert.Equal("done", (string)events[^1]["result"]!["content"]![0]!["text"]!);
    }

    [Fact]
    public async Task A_header_that_says_something_else_than_the_body_is_refused_by_the_server_and_the_status_passes()
    {
        await using var server = await StartServerAsync();
        await using var gateway = await server.StartGatewayAsync("stateless");
        await gateway.SessionAsync("tools/list", "{}");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Endpoint);
        request.Content = new StringContent(
            """{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"steps","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }""",
            Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "hello");

        using var response = await http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((5, ErrorCodes.HeaderMismatch), ((int)reply["id"]!, (int)reply["error"]!["code"]!));
    }

    [Fact]
    public async Task An_error_of_the_gateways_own_has_the_id_of_the_call()
    {
        var server = await StartServerAsync();
        await using var gateway = await server.StartGatewayAsync("stateless");
        await gateway.SessionAsync("tools/list", "{}");
        await server.DisposeAsync();
        await RunningGateway.UntilAsync(async () =>
        {
            var reply = JsonNode.Parse(await gateway.StatelessAsync("tools/call", """{"name":"hello"}"""))!;
            Assert.Equal("id-7", (string)reply["id"]!);
            Assert.NotNull(reply["error"]);
            return gateway.Gateway.Upstreams[0].State == UpstreamState.Failing;
        });
    }

    [Fact]
    public async Task A_call_of_a_server_that_is_out_of_service_is_refused_under_its_id()
    {
        await using var server = await StartServerAsync();
        await using var gateway = await server.StartGatewayAsync("stateless");
        await gateway.SessionAsync("tools/list", "{}");
        gateway.Gateway.Upstreams[0].IsDrained = true;

        var reply = JsonNode.Parse(await gateway.StatelessAsync("tools/call", """{"name":"hello"}"""))!;

        Assert.Equal(("id-7", ErrorCodes.Draining), ((string)reply["id"]!, (int)reply["error"]!["code"]!));
    }

    private static Task<HttpServer> StartServerAsync() => HttpServer.StartAsync(
        new DelegateTool("hello", static call =>
        {
            call.ReturnText(Encoding.UTF8.GetString(call.RawArguments.Span));
            return default;
        }),
        new DelegateTool("other", static call =>
        {
            call.ReturnText("other");
            return default;
        }),
        new DelegateTool("steps", static async call =>
        {
            await call.ReportProgressAsync(1, 2);
            await call.ReportProgressAsync(2, 2);
            call.ReturnText("done");
        }));
}
