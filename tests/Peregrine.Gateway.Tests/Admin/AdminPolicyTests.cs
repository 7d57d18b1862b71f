using System.Net;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Tests.Policies;

namespace Peregrine.Gateway.Tests.Admin;

/// <summary>What operators do with policies: their switches and what they keep.</summary>
public sealed class AdminPolicyTests
{
    [Fact]
    public async Task Kept_results_are_dropped_by_name_by_server_and_all()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"seconds":60}}}"""));
        var name = gateway.Gateway.Upstreams[0].Name;
        await gateway.CallTextAsync("get");

        foreach (var (body, dropped) in new[] { ("""{"name":"other"}""", 0), ("""{"name":"get"}""", 1), ("""{"upstream":"other"}""", 0), ($$"""{"upstream":"{{name}}"}""", 1), ("{}", 1) })
        {
            await gateway.CallTextAsync("get");
            var (status, answer) = await gateway.AdminAsync(HttpMethod.Post, "/cache/clear", body);
            Assert.Equal((HttpStatusCode.OK, dropped), (status, (int)answer["dropped"]!));
        }

        var cache = JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["cache"]!;
        Assert.Equal((0, 3, 3), ((int)cache["entries"]!, (int)cache["hits"]!, (int)cache["misses"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AdminAsync(HttpMethod.Post, "/cache/clear", """{"tag":"a","upstream":"b"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AdminAsync(HttpMethod.Post, "/cache/clear", """{"tag":1}""")).Status);
    }

    [Fact]
    public async Task The_switch_of_a_policy_is_listed_and_turned_off()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"seconds":60}}}"""));
        var name = $"servers.{gateway.Gateway.Upstreams[0].Name}.cache";
        var first = await gateway.CallTextAsync("get");
        Assert.Equal(first, await gateway.CallTextAsync("get"));
        Assert.Contains((await gateway.AdminAsync(HttpMethod.Get, "/switches")).Answer["switches"]!.AsArray(), one => (string)one!["name"]! == name && (bool)one["on"]!);

        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminAsync(HttpMethod.Put, "/switches/" + name, """{"on":false}""")).Status);

        await gateway.CallTextAsync("get");
        Assert.Equal(2, server.Runs("get"));
    }
}
