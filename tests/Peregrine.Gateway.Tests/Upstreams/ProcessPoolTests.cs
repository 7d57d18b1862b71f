using System.Diagnostics;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Upstreams;

/// <summary>Several processes of one server.</summary>
public sealed class ProcessPoolTests
{
    [Fact]
    public async Task Calls_are_spread_over_processes_that_are_started_as_they_are_needed()
    {
        await using var gateway = await StartAsync("\"minProcesses\": 1, \"maxProcesses\": 3");
        Assert.Single(await PidsAsync(gateway, 1));

        // As long as three calls hold three processes, a fourth must find one that holds one already.
        HashSet<string> seen = [];
        await RunningGateway.UntilAsync(async () =>
        {
            seen.UnionWith(await PidsAsync(gateway, 6));
            return seen.Count == 3 && gateway.Gateway.Upstreams[0].Connections == 3;
        });
        for (var i = 0; i < 5; i++)
        {
            seen.UnionWith(await PidsAsync(gateway, 12));
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task A_pool_with_a_minimum_has_its_processes_from_the_start_and_loses_none_of_them()
    {
        await using var gateway = await StartAsync("\"minProcesses\": 2, \"maxProcesses\": 3, \"processIdleSeconds\": 1");
        var upstream = gateway.Gateway.Upstreams[0];
        await RunningGateway.UntilAsync(() => Task.FromResult(upstream.Connections == 2));
        await RunningGateway.UntilAsync(async () =>
        {
            await PidsAsync(gateway, 8);
            return upstream.Connections == 3;
        });

        await RunningGateway.UntilAsync(() => Task.FromResult(upstream.Connections == 2));

        Assert.Equal("still there", await gateway.CallTextAsync("echo", """{"message":"still there"}"""));
        Assert.Equal(0, upstream.Restarts);
    }

    [Fact]
    public async Task One_killed_process_of_several_fails_its_own_calls_alone()
    {
        await using var gateway = await StartAsync("\"minProcesses\": 2");
        var upstream = gateway.Gateway.Upstreams[0];
        await RunningGateway.UntilAsync(() => Task.FromResult(upstream.Connections == 2));

        var reply = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"die"}"""))!;

        Assert.Equal(4005, (int)reply["error"]!["code"]!);
        Assert.Equal(UpstreamState.Ready, upstream.State);
        Assert.Equal("up", await gateway.CallTextAsync("echo", """{"message":"up"}"""));
    }

    [Fact]
    public async Task When_the_gateway_ends_no_process_of_a_pool_is_left()
    {
        int[] pids;
        await using (var gateway = await StartAsync("\"minProcesses\": 3"))
        {
            await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].Connections == 3));
            pids = [.. (await PidsAsync(gateway, 12)).Select(int.Parse)];
            Assert.NotEmpty(pids);
        }

        Assert.All(pids, static pid => Assert.False(Process.GetProcesses().Any(process => process.Id == pid), $"{pid} is still there"));
    }

    private static Task<RunningGateway> StartAsync(string settings) => RunningGateway.StartAsync(
        $$"""{"mcpServers": { "pool": { {{RunningGateway.Server("")}} } }, "peregrine": { "servers": { "pool": { {{settings}} } } } }""");

    private static async Task<HashSet<string>> PidsAsync(RunningGateway gateway, int calls) =>
        [.. await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => gateway.CallTextAsync("pid", """{"ms":20}""")))];
}
