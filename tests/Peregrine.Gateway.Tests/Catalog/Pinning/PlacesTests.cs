using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Tests.Hosting;
using Peregrine.Gateway.Tests.Policies;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Catalog.Pinning;

/// <summary>Several places of one server: one set of pins, and a copy of its own for each.</summary>
public sealed class PlacesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-places-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_place_whose_tool_becomes_another_gets_no_calls_of_it_until_that_is_accepted()
    {
        await using var one = await CountingServer.StartAsync("one");
        await using var two = await CountingServer.StartAsync("two");
        await using var gateway = await StartAsync(one, two, "refuse");

        Change(two);
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().ToolChanges is [{ Definition: not null }]));
        var change = (await gateway.AdminAsync(HttpMethod.Get, "/changes")).Answer["changes"]!.AsArray().Single()!;
        Assert.Equal(("who", true, """["two"]"""), ((string)change["tool"]!, (bool)change["withheld"]!, change["places"]!.ToJsonString()));
        Assert.Equal(["one"], await WhoAsync(gateway));

        // The other place is the one that differs from then on.
        Assert.Equal(1, (int)(await gateway.AdminAsync(HttpMethod.Post, "/upstreams/one/accept")).Answer["accepted"]!);
        Assert.Equal(["one"], gateway.Gateway.Upstreams.Single().ToolChanges.Single().Places);
        Assert.Equal(["two"], await WhoAsync(gateway));
        Assert.Contains("Says who, and more", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);

        Change(one);
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().ToolChanges.Count == 0));
        Assert.Equal(["one", "two"], await WhoAsync(gateway));
    }

    [Fact]
    public async Task A_place_that_is_other_from_the_start_is_found_out_and_with_warn_is_used_all_the_same()
    {
        await using var one = await CountingServer.StartAsync("one");
        await using var two = await CountingServer.StartAsync("two");
        Change(two);
        await using var gateway = await StartAsync(one, two, "warn");

        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().ToolChanges.Count == 1));

        Assert.Single(gateway.Gateway.Upstreams.Single().ToolChanges.Single().Places);
        Assert.Equal(["one", "two"], await WhoAsync(gateway));
    }

    [Fact]
    public async Task A_tool_that_one_place_does_not_have_is_named_and_cannot_be_accepted_away()
    {
        await using var one = await CountingServer.StartAsync("one");
        await using var two = await CountingServer.StartAsync("two");
        two.Server.Tools.Remove("put");
        await using var gateway = await StartAsync(one, two, "refuse");

        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().ToolChanges.Count == 1));
        Assert.Equal("tool: the tool is not there (at two)", gateway.Gateway.Upstreams.Single().ToolChanges.Single().Describe());
        Assert.Equal(0, (int)(await gateway.AdminAsync(HttpMethod.Post, "/upstreams/one/accept")).Answer["accepted"]!);
        Assert.Single(gateway.Gateway.Upstreams.Single().ToolChanges);
    }

    [Fact]
    public async Task Each_place_keeps_its_own_copy_and_all_have_one_set_of_pins()
    {
        await using var one = await CountingServer.StartAsync("one");
        await using var two = await CountingServer.StartAsync("two");
        two.Server.Tools.Add(new HelloTool("more"));
        await using (var gateway = await StartAsync(one, two, "warn"))
        {
            await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().ToolChanges.Count == 1));
            await RunningGateway.UntilAsync(() => Task.FromResult(Directory.GetFiles(_folder, "catalog-*.jsonl").Length == 2));
        }

        Assert.Single(Directory.GetFiles(_folder, "pins-*.jsonl"));
        var copies = Directory.GetFiles(_folder, "catalog-*.jsonl").Select(File.ReadAllText).ToArray();
        Assert.Contains(copies, copy => copy.Contains(one.Url, StringComparison.Ordinal) && !copy.Contains("\"more\"", StringComparison.Ordinal));
        Assert.Contains(copies, copy => copy.Contains(two.Url, StringComparison.Ordinal) && copy.Contains("\"more\"", StringComparison.Ordinal));

        // What differed is known again, and is still no news that was accepted.
        await using var after = await StartAsync(one, two, "warn");
        await RunningGateway.UntilAsync(() => Task.FromResult(after.Gateway.Upstreams.Single().ToolChanges.Count == 1));
    }

    // Another description: the tool does what it did.
    private static void Change(CountingServer server)
    {
        server.Server.Tools.Remove("who");
        server.Server.Tools.Add(new McpToolDefinition { Name = "who", Description = "Says who, and more", InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = true }, call =>
        {
            call.ReturnText(server.Name);
            return default;
        });
    }

    private static async Task<string[]> WhoAsync(RunningGateway gateway)
    {
        HashSet<string> answers = [];
        for (var i = 0; i < 10; i++)
        {
            answers.Add(await gateway.CallTextAsync("who"));
        }

        return [.. answers.Order(StringComparer.Ordinal)];
    }

    private async Task<RunningGateway> StartAsync(CountingServer one, CountingServer two, string pinning)
    {
        var gateway = await RunningGateway.StartAsync(
            $$"""{"servers":{"one":{"url":"{{one.Url}}"} },"peregrine":{"servers":{"one":{"pinning":"{{pinning}}","members":{"two":{"url":"{{two.Url}}"} },"balance":{"strategy":"round-robin"} } } } }""",
            new GatewayOptions { StateFolder = _folder });
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().Connections == 2));
        return gateway;
    }
}
