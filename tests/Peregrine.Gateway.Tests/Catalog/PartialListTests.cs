using System.Text.Json.Nodes;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Catalog;

/// <summary>Lists that lack a server say so.</summary>
public sealed class PartialListTests
{
    [Fact]
    public async Task A_list_names_the_servers_that_have_not_answered_in_both_eras()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""
            {"servers": { "silent": { {{RunningGateway.Server("--silent")}} }, "fine": { {{RunningGateway.Server("--session")}} } } }
            """);

        var stateless = JsonNode.Parse(await gateway.StatelessAsync("tools/list", "{}"))!["result"]!;
        var missing = stateless["_meta"]!["peregrine/missing"]!.AsArray();
        Assert.Equal("silent", (string)missing.Single()!["server"]!);
        Assert.Equal("it has not answered yet", (string)missing.Single()!["reason"]!);
        Assert.Equal("peregrine", (string)stateless["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]!);
        Assert.Equal("fine_echo", (string)stateless["tools"]![0]!["name"]!);

        var session = JsonNode.Parse(await gateway.SessionAsync("tools/list", "{}"))!["result"]!;
        Assert.Equal(missing.ToJsonString(), session["_meta"]!["peregrine/missing"]!.ToJsonString());
        Assert.Equal("silent", (string)JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["missing"]![0]!["upstream"]!);
    }

    [Fact]
    public async Task A_list_that_lacks_nothing_says_nothing_of_it()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }""");

        Assert.DoesNotContain("_meta", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);
        Assert.DoesNotContain("missing", await gateway.StatelessAsync("tools/list", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_server_is_missed_too_and_its_empty_list_is_not_kept_for_long()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "silent": { {{RunningGateway.Server("--silent")}} } } }""");

        var result = JsonNode.Parse(await gateway.StatelessAsync("tools/list", "{}"))!["result"]!;

        Assert.Empty(result["tools"]!.AsArray());
        Assert.Equal(1000, (int)result["ttlMs"]!);
        Assert.Equal("silent", (string)result["_meta"]!["peregrine/missing"]![0]!["server"]!);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_called_so_without_a_word_of_its_own()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "broken": { {{RunningGateway.Server("--broken")}} } } }""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].State == UpstreamState.Failing));

        var list = await gateway.SessionAsync("tools/list", "{}");

        Assert.Contains("it could not be reached", list, StringComparison.Ordinal);
        Assert.DoesNotContain("configuration", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_server_misses_only_its_own()
    {
        await using var gateway = await RunningGateway.StartAsync($$$"""
            {"servers": { "silent": { {{{RunningGateway.Server("--silent")}}} }, "fine": { {{{RunningGateway.Server("--session")}}} } },
             "peregrine": { "virtualServers": { "one": { "servers": ["fine"] }, "both": { "servers": ["fine", "silent"] } } } }
            """);

        Assert.DoesNotContain("missing", await gateway.SessionAsync("tools/list", "{}", "/mcp/one"), StringComparison.Ordinal);
        Assert.Contains("\"peregrine/missing\":[{\"server\":\"silent\"", await gateway.SessionAsync("tools/list", "{}", "/mcp/both"), StringComparison.Ordinal);
    }
}
