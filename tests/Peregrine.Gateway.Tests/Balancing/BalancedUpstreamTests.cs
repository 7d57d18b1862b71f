using System.Net;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Balancing;
using Peregrine.Gateway.Tests.Policies;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Balancing;

/// <summary>Several real servers behind one name.</summary>
public sealed class BalancedUpstreamTests
{
    [Fact]
    public async Task Round_robin_asks_each_in_turn()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"round-robin"}""");

        var answers = await gateway.AskAsync(30);

        Assert.Equal([10, 10, 10], answers.Values);
    }

    [Fact]
    public async Task Weights_are_kept_exactly()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"weighted","weight":3}""", weights: [3, 2, 1]);

        var answers = await gateway.AskAsync(60);

        Assert.Equal((30, 20, 10), (answers["one"], answers["two"], answers["three"]));
    }

    [Theory]
    [InlineData("least-requests")]
    [InlineData("power-of-two")]
    public async Task A_busy_member_gets_less(string strategy)
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync($$"""{"strategy":"{{strategy}}"}""");

        // One member is busy; ten calls make it much busier than the others can be with one call at a time.
        var busy = Enumerable.Range(0, 10).Select(_ => gateway.Gateway.CallTextAsync("wait")).ToArray();
        await RunningGateway.UntilAsync(() => Task.FromResult(servers.All.Sum(static server => server.Runs("wait")) == 10));
        var members = gateway.Members.ToDictionary(static member => member.Name, static member => member.InFlight);

        // They were spread: none has more than its share and a little.
        Assert.All(members.Values, count => Assert.InRange(count, strategy == "least-requests" ? 3 : 0, strategy == "least-requests" ? 4 : 9));
        servers.Release();
        await Task.WhenAll(busy);
        Assert.All(gateway.Members, static member => Assert.Equal(0, member.InFlight));
    }

    [Fact]
    public async Task Consistent_hashing_sends_equal_calls_to_one_member_and_uses_all()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"consistent-hash","hashBy":"call"}""");
        Dictionary<int, string> owners = [];
        for (var i = 0; i < 60; i++)
        {
            var (key, answer) = (i % 20, await gateway.Gateway.CallTextAsync("who", $$"""{"key":{{i % 20}} }"""));
            Assert.Equal(owners.TryAdd(key, answer) ? answer : owners[key], answer);
        }

        Assert.Equal(3, owners.Values.Distinct().Count());
    }

    [Fact]
    public async Task A_member_that_its_operator_takes_out_gets_no_calls_until_it_is_put_back()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"round-robin"}""");
        async Task<(HttpStatusCode Status, JsonNode Answer)> SetAsync(string member, string action) =>
            await gateway.Gateway.AdminAsync(HttpMethod.Post, $"/upstreams/one/members/{member}/{action}");

        var (status, answer) = await SetAsync("two", "eject");
        Assert.Equal((HttpStatusCode.OK, "one"), (status, (string)answer["name"]!));
        Assert.Equal([false, true, false], answer["members"]!.AsArray().Select(static member => (bool)member!["takenOut"]!));
        var asked = await gateway.AskAsync(20);
        Assert.Equal(["one", "three"], asked.Keys.Order());

        await SetAsync("one", "eject");
        await SetAsync("three", "eject");
        var error = JsonNode.Parse(await gateway.Gateway.SessionAsync("tools/call", """{"name":"who","arguments":{}}"""))!["error"]!;
        Assert.Equal((4007, true), ((int)error["code"]!, (bool)error["data"]!["retryable"]!));
        Assert.Contains("All members of the server \"one\" are out of use", (string)error["message"]!, StringComparison.Ordinal);

        await SetAsync("two", "readmit");
        Assert.Equal(["two"], (await gateway.AskAsync(5)).Keys);
        (status, answer) = await SetAsync("four", "eject");
        Assert.Equal((HttpStatusCode.NotFound, "The server \"one\" has no member \"four\". There are: one, two, three"), (status, (string)answer["error"]!));
    }

    [Fact]
    public async Task A_member_that_is_gone_is_left_out_without_a_failed_call_and_comes_back_when_it_is_there_again()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"round-robin","probeSeconds":0.1,"ejectionSeconds":0.1,"maxEjectionSeconds":0.5}""");
        await gateway.AskAsync(6);

        var url = await servers.StopAsync(1);
        var without = await gateway.AskAsync(40);

        Assert.Equal(40, without["one"] + without["three"]);
        Assert.True(gateway.Members.Single(static member => member.Name == "two").IsEjected);
        Assert.Equal(UpstreamState.Ready, gateway.Upstream.State);

        await servers.StartAgainAsync(1, "two", url);
        await RunningGateway.UntilAsync(async () => (await gateway.AskAsync(6)).ContainsKey("two"));
        Assert.False(gateway.Members.Single(static member => member.Name == "two").IsEjected);
    }

    [Fact]
    public async Task A_member_that_gives_no_sign_of_life_is_left_out_before_any_call_finds_out()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"round-robin","probeSeconds":0.05,"probeTimeoutSeconds":30,"failuresToEject":2,"ejectionSeconds":3600,"maxEjectionSeconds":3600}""");
        await gateway.AskAsync(3);

        await servers.StopAsync(0);

        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Members.First().IsEjected));
        Assert.DoesNotContain("one", (await gateway.AskAsync(10)).Keys);
    }

    [Fact]
    public async Task Where_no_member_is_up_calls_are_refused_with_4007_and_go_through_when_one_is_back()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"round-robin","probeSeconds":0.1}""");
        await gateway.AskAsync(3);
        string[] urls = [await servers.StopAsync(0), await servers.StopAsync(1), await servers.StopAsync(2)];

        await RunningGateway.UntilAsync(async () => (await gateway.Gateway.SessionAsync("tools/call", """{"name":"who","arguments":{}}""")).Contains("4007", StringComparison.Ordinal));

        await servers.StartAgainAsync(2, "three", urls[2]);
        await RunningGateway.UntilAsync(async () => (await gateway.Gateway.SessionAsync("tools/call", """{"name":"who","arguments":{}}""")).Contains("three", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_member_that_does_not_answer_in_time_is_ejected_and_others_are_asked()
    {
        await using var servers = await ThreeAsync();
        await using var gateway = await servers.BehindAsync("""{"strategy":"round-robin","failuresToEject":1,"ejectionSeconds":3600,"maxEjectionSeconds":3600,"probeSeconds":0}""", ""","callTimeoutSeconds":0.3""");
        await gateway.AskAsync(3);

        Assert.Contains("4002", await gateway.Gateway.SessionAsync("tools/call", """{"name":"wait","arguments":{}}"""), StringComparison.Ordinal);

        var ejected = gateway.Members.Single(static member => member.IsEjected);
        Assert.DoesNotContain(ejected.Name, (await gateway.AskAsync(10)).Keys);
    }

    [Fact]
    public async Task Processes_can_be_members_and_one_that_dies_comes_back()
    {
        await using var gateway = await RunningGateway.StartAsync(
            $$"""{"mcpServers":{"only":{ {{RunningGateway.Server("--session")}} } },"peregrine":{"servers":{"only":{"members":{"second":{} },"balance":{"strategy":"round-robin"} } } } }""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().Connections == 2));
        HashSet<string> processes = [];
        for (var i = 0; i < 4; i++)
        {
            processes.Add(await gateway.CallTextAsync("pid"));
        }

        Assert.Equal(2, processes.Count);
        await gateway.SessionAsync("tools/call", """{"name":"die","arguments":{}}""");
        for (var i = 0; i < 10; i++)
        {
            await gateway.CallTextAsync("echo");
        }

        await RunningGateway.UntilAsync(async () => processes.Add(await gateway.CallTextAsync("pid")));
    }

    private static async Task<Servers> ThreeAsync() =>
        new([await CountingServer.StartAsync("one"), await CountingServer.StartAsync("two"), await CountingServer.StartAsync("three")]);

    private sealed class Servers(CountingServer[] all) : IAsyncDisposable
    {
        internal CountingServer[] All => all;

        internal async Task<Balanced> BehindAsync(string balance, string further = "", int[]? weights = null)
        {
            weights ??= [1, 1, 1];
            var gateway = await RunningGateway.StartAsync(
                $$"""
                {"mcpServers":{"one":{"url":"{{all[0].Url}}"} },"peregrine":{"servers":{"one":{"members":{
                "two":{"url":"{{all[1].Url}}","weight":{{weights[1]}} },"three":{"url":"{{all[2].Url}}","weight":{{weights[2]}} } },"balance":{{balance}} {{further}} } } } }
                """);
            await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().Connections == 3));
            return new Balanced(gateway);
        }

        internal void Release()
        {
            foreach (var server in all)
            {
                server.Release();
            }
        }

        internal async Task<string> StopAsync(int index)
        {
            await all[index].DisposeAsync();
            return all[index].Url[..^"/mcp".Length];
        }

        internal async Task StartAgainAsync(int index, string name, string url) => all[index] = await CountingServer.StartAsync(name, url: url);

        public async ValueTask DisposeAsync()
        {
            foreach (var server in all)
            {
                await server.DisposeAsync();
            }
        }
    }

    private sealed class Balanced(RunningGateway gateway) : IAsyncDisposable
    {
        internal RunningGateway Gateway => gateway;

        internal BalancedUpstream Upstream => (BalancedUpstream)gateway.Gateway.Upstreams.Single();

        internal IEnumerable<MemberStatus> Members => Upstream.Members;

        internal async Task<SortedDictionary<string, int>> AskAsync(int count)
        {
            SortedDictionary<string, int> answers = new(StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                var reply = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"who","arguments":{}}"""))!;
                var name = (string?)reply["result"]?["content"]?[0]?["text"] ?? reply.ToJsonString();
                answers[name] = answers.GetValueOrDefault(name) + 1;
            }

            return answers;
        }

        public ValueTask DisposeAsync() => gateway.DisposeAsync();
    }
}
