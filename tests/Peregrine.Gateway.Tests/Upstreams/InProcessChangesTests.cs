using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Client.Subscriptions;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Tests.Hosting;
using Peregrine.Server;

namespace Peregrine.Gateway.Tests.Upstreams;

/// <summary>What a server in the gateway's own process says of changes.</summary>
public sealed class InProcessChangesTests
{
    [Fact]
    public async Task A_tool_that_is_added_or_removed_shows_in_the_list_and_can_be_called()
    {
        var server = PeregrineServer.CreateBuilder("sample", "1").AddTool(new HelloTool()).Build();
        await using var gateway = await StartAsync(server);
        Assert.Equal(["hello"], await ToolsAsync(gateway));

        var added = new HelloTool("late");
        server.Tools.Add(added);
        await RunningGateway.UntilAsync(async () => (await ToolsAsync(gateway)).SequenceEqual(["hello", "late"]));
        Assert.Equal("hi", await gateway.CallTextAsync("late"));

        server.Tools.Remove("late");
        await RunningGateway.UntilAsync(async () => (await ToolsAsync(gateway)).SequenceEqual(["hello"]));
    }

    [Fact]
    public async Task The_last_of_many_changes_at_once_is_the_one_that_stays()
    {
        var server = PeregrineServer.CreateBuilder("sample", "1").AddTool(new HelloTool()).Build();
        await using var gateway = await StartAsync(server);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                server.Tools.Add(new HelloTool($"tool_{caller}_{i}"));
            }
        })));

        await RunningGateway.UntilAsync(async () => (await ToolsAsync(gateway)).Length == 201);
    }

    [Fact]
    public async Task Clients_of_the_gateway_are_told()
    {
        var server = PeregrineServer.CreateBuilder("sample", "1").AddTool(new HelloTool()).Build();
        await using var gateway = await StartAsync(server);
        await using var client = await PeregrineClient.ConnectAsync(new Uri(gateway.Address, "/mcp"));
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await client.SubscribeAsync(new SubscriptionRequest { Tools = true, OnChange = _ => told.TrySetResult() });
        Assert.Single(await client.ListToolsAsync());

        server.Tools.Add(new HelloTool("late"));

        await told.Task.WaitAsync(RunningGateway.Patience);
        Assert.Equal(2, (await client.ListToolsAsync()).Count);
    }

    [Fact]
    public async Task A_server_that_left_the_gateway_is_not_listened_to()
    {
        var server = PeregrineServer.CreateBuilder("sample", "1").AddTool(new HelloTool()).Build();
        await using (await StartAsync(server))
        {
        }

        server.Tools.Add(new HelloTool("late"));
        await using var next = await StartAsync(server);
        Assert.Equal(["hello", "late"], await ToolsAsync(next));
    }

    private static Task<RunningGateway> StartAsync(PeregrineServer server) =>
        RunningGateway.StartAsync("""{"servers": {} }""", new GatewayOptions { InProcessServers = [new InProcessServer("built-in", server)] });

    private static async Task<string[]> ToolsAsync(RunningGateway gateway) =>
        [.. JsonNode.Parse(await gateway.SessionAsync("tools/list", "{}"))!["result"]!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)];
}
