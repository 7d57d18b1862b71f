using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.State;

namespace Peregrine.Gateway.Tests.Hosting;

/// <summary>What outlives a gateway.</summary>
public sealed class StateTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"peregrine-state-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Lists_are_there_before_their_servers_are_where_they_were_there_once()
    {
        var options = new GatewayOptions { StateFolder = _folder };
        string[] before;
        await using (var gateway = await RunningGateway.StartAsync(Configuration(""), options))
        {
            before = await ToolsAsync(gateway);
            Assert.Contains("echo", before);
        }

        // The same program, which now never answers.
        await using var silent = await RunningGateway.StartAsync(Configuration("--silent"), options);
        var clock = Stopwatch.StartNew();

        Assert.Equal(before, await ToolsAsync(silent));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(4), $"took {clock.Elapsed}");
        Assert.Equal(1000, (int)JsonNode.Parse(await silent.StatelessAsync("tools/list", "{}"))!["result"]!["ttlMs"]!);
    }

    [Fact]
    public async Task What_a_killed_gateway_has_left_is_ended_by_the_next_one_and_nothing_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var dead = Process.Start("true");
        await dead.WaitForExitAsync();
        var mark = string.Create(CultureInfo.InvariantCulture, $"{dead.Id}.1");
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "gateway.txt"), mark);
        using var left = StartSleeper(mark);
        using var other = StartSleeper(mark + "1");

        await using var gateway = await RunningGateway.StartAsync(Configuration(""), new GatewayOptions { StateFolder = _folder });

        using var patience = new CancellationTokenSource(RunningGateway.Patience);
        await left.WaitForExitAsync(patience.Token);
        Assert.False(other.HasExited);
        other.Kill();
        await RunningGateway.UntilAsync(async () => await File.ReadAllTextAsync(Path.Combine(_folder, "gateway.txt")) == GatewayMark.Own);
    }

    [Fact]
    public void A_copy_is_read_as_it_was_written_and_a_damaged_or_foreign_one_is_none()
    {
        List<UpstreamItem> tools = [], resources = [];
        ListParser.Read(OfferKind.Tool, """{"tools":[{"name":"a\u0062","inputSchema":{"type":"object"},"title":"T"}]}"""u8, tools);
        ListParser.Read(OfferKind.Resource, """{"resources":[{"uri":"x:1","name":"one"}]}"""u8, resources);
        var offer = UpstreamOffer.Empty with { Tools = [.. tools], Resources = [.. resources] };
        var copy = OfferCopy.Write("npx", offer);

        var read = OfferCopy.Read("npx", copy)!;

        Assert.Equal("ab", read.Tools.Single().Key);
        Assert.Equal("T", read.Tools.Single().Title);
        Assert.True(read.Tools.Single().Members.Span.SequenceEqual(tools[0].Members.Span));
        Assert.Equal("x:1", read.Resources.Single().Key);
        Assert.Null(OfferCopy.Read("node", copy));
        for (var length = 0; length < copy.Length; length++)
        {
            Assert.Null(OfferCopy.Read("npx", copy.AsSpan(0, length)));
        }
    }

    private static string Configuration(string arguments) => $$"""{"mcpServers": { "a": { {{RunningGateway.Server(arguments)}} } } }""";

    private static Process StartSleeper(string mark)
    {
        var start = new ProcessStartInfo("sleep", "600");
        start.Environment[GatewayMark.Variable] = mark;
        return Process.Start(start)!;
    }

    private static async Task<string[]> ToolsAsync(RunningGateway gateway) =>
        [.. JsonNode.Parse(await gateway.SessionAsync("tools/list", "{}"))!["result"]!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)];
}
