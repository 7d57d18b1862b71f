using System.Text.Json.Nodes;

namespace Peregrine.Gateway.Tests.Bridging;

public sealed class EraBridgeTests
{
    private const string Arguments = """{"b" : 1.0, "a":[ ],"c":"\u00e9\/"}""";

    [Theory]
    [InlineData(false, "--session")]
    [InlineData(false, "--stateless")]
    [InlineData(true, "--session")]
    [InlineData(true, "--stateless")]
    public async Task Arguments_arrive_as_the_bytes_they_were_under_the_tools_own_name(bool stateless, string era)
    {
        await using var gateway = await StartAsync(era);
        var reply = await CallAsync(gateway, stateless, "x_inspect", Arguments);
        var line = (string)reply["result"]!["content"]![0]!["text"]!;
        Assert.Contains("\"arguments\":" + Arguments, line, StringComparison.Ordinal);
        Assert.Equal("inspect", (string)JsonNode.Parse(line)!["params"]!["name"]!);
        Assert.Equal("id-7", (string)reply["id"]!);

        var meta = JsonNode.Parse(line)!["params"]!["_meta"];
        if (era == "--session")
        {
            Assert.Null(meta?["io.modelcontextprotocol/protocolVersion"]);
            Assert.Null(meta?["io.modelcontextprotocol/clientCapabilities"]);
            Assert.Null(meta?["io.modelcontextprotocol/clientInfo"]);
        }
        else
        {
            Assert.Equal("2026-07-28", (string)meta!["io.modelcontextprotocol/protocolVersion"]!);
            Assert.Equal("{}", meta["io.modelcontextprotocol/clientCapabilities"]!.ToJsonString());
            Assert.Equal(stateless ? "test" : "peregrine", (string)meta["io.modelcontextprotocol/clientInfo"]!["name"]!);
        }

        if (stateless)
        {
            Assert.Equal("complete", (string)reply["result"]!["resultType"]!);
        }
    }

    [Theory]
    [InlineData(false, "--session")]
    [InlineData(true, "--session")]
    [InlineData(true, "--stateless")]
    public async Task Members_of_meta_that_the_gateway_does_not_know_go_on(bool stateless, string era)
    {
        await using var gateway = await StartAsync(era);
        const string own = "\"traceparent\":\"00-ab\",\"com.example/x\":{ \"y\":1}";
        var text = stateless
            ? await gateway.StatelessAsync("tools/call", """{"name":"x_inspect"}""", own)
            : await gateway.SessionAsync("tools/call", $$$"""{"_meta":{{{{own}}}},"name":"x_inspect"}""");
        var line = (string)JsonNode.Parse(text)!["result"]!["content"]![0]!["text"]!;
        Assert.Contains("\"traceparent\":\"00-ab\"", line, StringComparison.Ordinal);
        Assert.Contains("\"com.example/x\":{ \"y\":1}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--session")]
    [InlineData("--stateless")]
    public async Task A_caller_who_wants_log_messages_and_no_progress_has_one_meta(string era)
    {
        await using var gateway = await StartAsync(era);
        var text = await gateway.StatelessAsync("tools/call", """{"name":"x_inspect"}""", "\"io.modelcontextprotocol/logLevel\":\"debug\"");
        var line = (string)JsonNode.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..])!["result"]!["content"]![0]!["text"]!;
        Assert.Equal(2, line.Split("\"_meta\"").Length);
        Assert.DoesNotContain("progressToken", line, StringComparison.Ordinal);
        Assert.Equal(era == "--stateless", line.Contains("logLevel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_servers_result_says_for_a_stateless_client_what_it_is_and_whose()
    {
        await using var gateway = await StartAsync("--session");
        var result = (await CallAsync(gateway, stateless: true, "x_meta", "{}"))["result"]!;
        Assert.Equal("complete", (string)result["resultType"]!);
        Assert.Equal(1, (int)result["_meta"]!["own"]!);
        Assert.Equal("peregrine", (string)result["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]!);

        Assert.Equal("""{"content":[],"_meta":{"own":1}}""", (await CallAsync(gateway, stateless: false, "x_meta", "{}"))["result"]!.ToJsonString());
    }

    [Theory]
    [InlineData(false, "--session")]
    [InlineData(true, "--stateless")]
    [InlineData(true, "--session")]
    public async Task Errors_keep_their_code_and_data(bool stateless, string era)
    {
        await using var gateway = await StartAsync(era);
        var text = stateless
            ? await gateway.StatelessAsync("tools/call", """{"name":"x_fail"}""")
            : await gateway.SessionAsync("tools/call", """{"name":"x_fail"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":"id-7","error":{"code":-32050,"message":"on purpose","data":{"why":  "test"}}}""", text);
    }

    [Theory]
    [InlineData(false, "--session")]
    [InlineData(false, "--stateless")]
    [InlineData(true, "--session")]
    [InlineData(true, "--stateless")]
    public async Task Progress_reaches_the_caller_under_its_own_token_before_the_reply(bool stateless, string era)
    {
        await using var gateway = await StartAsync(era);
        var text = stateless
            ? await gateway.StatelessAsync("tools/call", """{"name":"x_progress"}""", "\"progressToken\":\"mine\"")
            : await gateway.SessionAsync("tools/call", """{"name":"x_progress","_meta":{"progressToken":"mine"}}""");
        var events = text.Split('\n').Where(static line => line.StartsWith("data:", StringComparison.Ordinal)).Select(static line => JsonNode.Parse(line[5..])!).ToArray();
        Assert.Equal(4, events.Length);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("notifications/progress", (string)events[i]["method"]!);
            Assert.Equal("mine", (string)events[i]["params"]!["progressToken"]!);
            Assert.Equal(i + 1, (int)events[i]["params"]!["progress"]!);
        }

        Assert.Equal("done", (string)events[3]["result"]!["content"]![0]!["text"]!);
    }

    private static Task<RunningGateway> StartAsync(string era) => RunningGateway.StartAsync($$$"""
        {"servers": { "x": { {{{RunningGateway.Server(era)}}} } }, "peregrine": { "servers": { "x": { "prefix": "x" } } } }
        """);

    private static async Task<JsonNode> CallAsync(RunningGateway gateway, bool stateless, string tool, string arguments)
    {
        var parameters = $$"""{"name":"{{tool}}","arguments":{{arguments}}}""";
        return JsonNode.Parse(stateless ? await gateway.StatelessAsync("tools/call", parameters) : await gateway.SessionAsync("tools/call", parameters))!;
    }
}
