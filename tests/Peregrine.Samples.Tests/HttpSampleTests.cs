using System.Net.Http.Json;
using Peregrine.Samples.Tests.Processes;

namespace Peregrine.Samples.Tests;

/// <summary>The samples that speak over HTTP.</summary>
public sealed class HttpSampleTests
{
    [Fact]
    public async Task WeatherHttpAndWeatherClient()
    {
        await using var site = await Sample.ServeAsync("WeatherHttp");

        var output = await Sample.RunAsync("WeatherClient", site.Endpoint.ToString());

        Assert.Equal(["get_weather: Tells how warm it is in a city.", "It is 19 °C in Oslo."], output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task ExistingApp()
    {
        await using var site = await Sample.ServeAsync("ExistingApp");
        await using var client = await site.ConnectAsync();
        using var posted = await site.Http.PostAsync(new Uri("/orders/coffee", UriKind.Relative), content: null);

        var first = await client.CallAsync("place_order", """{"item":"tea"}""");
        var second = await client.CallAsync("place_order", """{"item":"cake"}""");

        Assert.StartsWith("Order 2: tea, taken at desk ", first, StringComparison.Ordinal);
        Assert.StartsWith("Order 3: cake, taken at desk ", second, StringComparison.Ordinal);
        Assert.NotEqual(first[^5..], second[^5..]);
        Assert.Equal("coffee\ntea\ncake", await client.CallAsync("list_orders"));
        Assert.Equal(["coffee", "tea", "cake"], await site.Http.GetFromJsonAsync<string[]>(new Uri("/orders", UriKind.Relative)) ?? []);
    }

    [Fact]
    public async Task TaskBoard()
    {
        await using var site = await Sample.ServeAsync("TaskBoard");
        await using var leader = await site.ConnectAsync();
        await using var worker = await site.ConnectAsync();

        Assert.Equal("failed: There is no agent. Create one first.", await leader.CallAsync("assign_task", """{"title":"read"}"""));
        Assert.Equal("Ada is ready.", await leader.CallAsync("create_agent", """{"name":"Ada"}"""));
        Assert.Equal("failed: There is an agent Ada already.", await leader.CallAsync("create_agent", """{"name":"Ada"}"""));
        Assert.Equal("There are 3 agents.", await leader.CallAsync("scale_swarm", """{"agents":3}"""));
        Assert.Equal("Task 1 is for Ada.", await leader.CallAsync("assign_task", """{"title":"read"}"""));
        Assert.Equal("Task 2 is for agent-1.", await leader.CallAsync("assign_task", """{"title":"write"}"""));
        Assert.Equal("Task 1 is done.", await worker.CallAsync("complete_task", """{"task":1,"result":"It was long."}"""));
        Assert.Equal("failed: There is no task 9.", await worker.CallAsync("complete_task", """{"task":9,"result":""}"""));
        Assert.Equal("There are 1 agents.", await leader.CallAsync("scale_swarm", """{"agents":1}"""));
        Assert.Equal("1 agents, 1 open tasks, 1 done\nagent-1: write", await worker.CallAsync("get_swarm_status"));
    }
}
