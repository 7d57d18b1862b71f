using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;

namespace Peregrine.Gateway.Tests.Hosting;

/// <summary>Another configuration while calls are in flight.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task What_is_the_same_stays_what_is_new_comes_and_what_is_gone_ends()
    {
        await using var gateway = await RunningGateway.StartAsync(Servers(("a", ""), ("b", "")));
        var pid = await gateway.CallTextAsync("a_pid");

        var result = await ReloadAsync(gateway, Servers(("a", ""), ("c", "")));

        Assert.Equal(["c"], result.Added);
        Assert.Equal(["b"], result.Removed);
        Assert.Empty(result.Changed);
        Assert.Equal(pid, await gateway.CallTextAsync("a_pid"));
        await RunningGateway.UntilAsync(async () => (await ToolsAsync(gateway)).Contains("c_pid"));
        Assert.DoesNotContain("b_pid", await ToolsAsync(gateway));
    }

    [Fact]
    public async Task A_call_in_flight_on_a_server_that_is_changed_ends_as_it_would_have()
    {
        await using var gateway = await RunningGateway.StartAsync(Servers(("a", ""), ("b", "")));
        var before = await gateway.CallTextAsync("a_pid");
        var call = gateway.CallTextAsync("a_sleep", """{"ms":1500}""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].InFlight == 1));

        var result = await ReloadAsync(gateway, Servers(("a", "--changed"), ("b", "")));

        Assert.Equal(["a"], result.Changed);
        Assert.NotEqual(before, await gateway.CallTextAsync("a_pid"));
        Assert.Equal("awake", await call);
    }

    [Fact]
    public async Task Calls_go_on_without_a_failure_while_servers_are_changed_again_and_again()
    {
        await using var gateway = await RunningGateway.StartAsync(Servers(("a", ""), ("b", "")));
        using var ending = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            var calls = 0;
            for (; !ending.IsCancellationRequested; calls++)
            {
                Assert.Equal($"{caller}", await gateway.CallTextAsync("a_echo", $$"""{"message":"{{caller}}"}"""));
            }

            return calls;
        })).ToArray();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["a"], (await ReloadAsync(gateway, Servers(("a", $"--round-{i}"), ("b", "")))).Changed);
        }

        await ending.CancelAsync();
        Assert.All(await Task.WhenAll(callers), static calls => Assert.True(calls > 0));
    }

    [Fact]
    public async Task A_reload_of_the_same_file_changes_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync(Servers(("a", "")));

        Assert.True((await ReloadAsync(gateway, Servers(("a", "")))).IsEmpty);
    }

    [Fact]
    public async Task What_needs_a_restart_is_said()
    {
        await using var gateway = await RunningGateway.StartAsync(Servers(("a", "")));
        var other = Servers(("a", ""))[..^1] + ""","peregrine":{"name":"other","urls":["http://127.0.0.1:1"]}}""";

        var result = await ReloadAsync(gateway, other);

        Assert.Equal(2, result.NotApplied.Length);
    }

    private static string Servers(params (string Name, string Arguments)[] servers) =>
        "{\"mcpServers\":{" + string.Join(',', servers.Select(static server => $"\"{server.Name}\":{{{RunningGateway.Server(server.Arguments)}}}")) + "}}";

    private static async Task<ReloadResult> ReloadAsync(RunningGateway gateway, string configuration)
    {
        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(configuration), "test.json", static _ => null);
        Assert.Empty(read.Errors);
        return await gateway.Gateway.ReloadAsync(read.Configuration!);
    }

    private static async Task<string[]> ToolsAsync(RunningGateway gateway) =>
        [.. JsonNode.Parse(await gateway.SessionAsync("tools/list", "{}"))!["result"]!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)];
}
