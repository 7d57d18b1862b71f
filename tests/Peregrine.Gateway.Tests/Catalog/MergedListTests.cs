using System.Text.Json.Nodes;

namespace Peregrine.Gateway.Tests.Catalog;

public sealed class MergedListTests
{
    private const string EchoMembers = """
        "description":"Says it again","inputSchema":{"type":"object",  "properties":{"message":{"type":"string","x-odd":1.50e+2}}}}
        """;

    [Fact]
    public async Task Tools_come_in_the_order_of_the_configuration_with_prefixes_and_schemas_as_they_were()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""
            {"mcpServers": { "new": { {{RunningGateway.Server("--stateless")}} }, "old one": { {{RunningGateway.Server("--session")}}, "tools": ["pid", "echo"] } } }
            """);

        var session = await gateway.SessionAsync("tools/list", "{}");
        Assert.StartsWith("""{"jsonrpc":"2.0","id":"id-7","result":{"tools":[{"name":"new_echo",""" + EchoMembers.Trim() + ",", session, StringComparison.Ordinal);
        Assert.Contains("""{"name":"old-one_echo",""" + EchoMembers.Trim() + """,{"name":"old-one_pid","inputSchema":{"type":"object"}}]}}""", session, StringComparison.Ordinal);
        Assert.EndsWith("]}}", session, StringComparison.Ordinal);

        var stateless = await gateway.StatelessAsync("tools/list", "{}");
        var result = JsonNode.Parse(stateless)!["result"]!;
        Assert.Equal(60_000, (int)result["ttlMs"]!);
        Assert.Equal("public", (string)result["cacheScope"]!);
        Assert.Equal("complete", (string)result["resultType"]!);
        Assert.Equal("peregrine", (string)result["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]!);
        Assert.Equal(JsonNode.Parse(session)!["result"]!["tools"]!.ToJsonString(), result["tools"]!.ToJsonString());
    }

    [Fact]
    public async Task One_server_keeps_its_names()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }""");
        Assert.Contains("""{"name":"echo",""", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);
        Assert.Equal("hello", await gateway.CallTextAsync("echo", """{"message":"hello"}"""));
    }

    [Theory]
    [InlineData("--session")]
    [InlineData("--stateless")]
    public async Task A_change_of_tools_shows_in_the_list(string era)
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server(era)}} } } }""");
        Assert.DoesNotContain("\"added\"", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);
        Assert.Equal("added", await gateway.CallTextAsync("add_tool"));
        await RunningGateway.UntilAsync(async () => (await gateway.SessionAsync("tools/list", "{}")).Contains("\"added\"", StringComparison.Ordinal));
        Assert.Equal("added tool called", await gateway.CallTextAsync("added"));
    }

    [Fact]
    public async Task A_silent_and_a_broken_server_do_not_hold_up_the_others()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""
            {"servers": { "silent": { {{RunningGateway.Server("--silent")}} }, "broken": { {{RunningGateway.Server("--broken")}} }, "fine": { {{RunningGateway.Server("--session")}} } } }
            """);
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.IsReady));
        var list = JsonNode.Parse(await gateway.StatelessAsync("tools/list", "{}"))!["result"]!;
        Assert.Equal("fine_echo", (string)list["tools"]![0]!["name"]!);
        Assert.True((int)list["ttlMs"]! <= 1000, "a list without some servers must not be cached for long");

        var broken = JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["upstreams"]![1]!;
        Assert.Contains("cannot find my configuration", (string)broken["lastError"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tools_of_one_name_are_offered_once_and_the_second_is_named()
    {
        await using var gateway = await RunningGateway.StartAsync($$$"""
            {"servers": { "a": { {{{RunningGateway.Server("--session")}}} }, "b": { {{{RunningGateway.Server("--session")}}}, "tools": ["pid"] } },
             "peregrine": { "servers": { "a": { "prefix": "" }, "b": { "prefix": "" } } } }
            """);
        var list = await gateway.SessionAsync("tools/list", "{}");
        Assert.Equal(2, list.Split("\"name\":\"pid\"").Length);
        Assert.Contains("another tool is named \\u0022pid\\u0022", (await gateway.GetAsync("/api/status")).Body, StringComparison.Ordinal);
    }
}
