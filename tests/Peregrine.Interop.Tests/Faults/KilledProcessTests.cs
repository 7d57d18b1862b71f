using System.Diagnostics;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Faults;

public sealed class KilledProcessTests
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_server_killed_in_the_middle_of_a_call_is_told_and_replaced_and_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var server = new ScriptedServer();
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "only": { {{server.Entry}} } } }""");
        await gateway.WaitUntilUpAsync("only");
        var shell = (int)(await gateway.UpstreamAsync("only"))["processId"]!;
        var family = ProcessTable.DescendantsOf(shell);
        Assert.Equal(2, family.Count);
        Assert.Contains(server.Sleepers[0], family);

        using var call = await gateway.StartCallAsync();
        Signals.KillAtOnce(shell);
        var clock = Stopwatch.StartNew();

        var error = (await call.EndAsync().WaitAsync(BackWithin))["error"]!;
        Assert.Equal(4005, (int)error["code"]!);
        Assert.False((bool)error["data"]!["retryable"]!);
        Assert.Contains("may have run or not", (string)error["message"]!, StringComparison.Ordinal);

        var reply = await gateway.CallAsync("echo", """{"message":"again"}""");
        Assert.Equal("again", (string)reply["result"]!["content"]![0]!["text"]!);
        Assert.True(clock.Elapsed < BackWithin, $"the next call took until {clock.Elapsed}");
        Assert.DoesNotContain(family, ProcessTable.IsAlive);
        Assert.Equal(2, server.Sleepers.Count);
        Assert.Equal(1, (int)(await gateway.UpstreamAsync("only"))["outcomes"]!["outcome_unknown"]!);
    }

    [Fact]
    public async Task A_server_whose_inner_process_is_killed_is_replaced_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var server = new ScriptedServer();
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "only": { {{server.Entry}} } } }""");
        await gateway.WaitUntilUpAsync("only");
        var shell = (int)(await gateway.UpstreamAsync("only"))["processId"]!;
        var inner = ProcessTable.DescendantsOf(shell).Single(id => id != server.Sleepers[0]);

        using var call = await gateway.StartCallAsync();
        Signals.KillAtOnce(inner);
        var clock = Stopwatch.StartNew();
        Assert.Equal(4005, (int)(await call.EndAsync().WaitAsync(BackWithin))["error"]!["code"]!);
        Assert.NotNull((await gateway.CallAsync("echo", """{"message":"again"}"""))["result"]);
        Assert.True(clock.Elapsed < BackWithin, $"the next call took until {clock.Elapsed}");
        Assert.False(ProcessTable.IsAlive(server.Sleepers[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ending_the_gateway_ends_everything_that_was_started(bool stdio)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var first = new ScriptedServer();
        using var second = new ScriptedServer();
        using var folder = new TemporaryFolder();
        var config = folder.Write("gateway.json", $$"""{"mcpServers": { "first": { {{first.Entry}} }, "second": { {{second.Entry}} } } }""");
        await using var gateway = StartedProgram.Start(Programs.Peregrine, ["up", "--config", config, .. stdio ? ["--stdio"] : (string[])["--urls", "http://127.0.0.1:0"]]);
        await Patience.UntilAsync(() => ProcessTable.DescendantsOf(gateway.Id).Count == 6);
        var family = ProcessTable.DescendantsOf(gateway.Id);

        Signals.Terminate(gateway.Id);
        var result = await gateway.WaitForEndAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain(family, ProcessTable.IsAlive);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Ending_the_gateway_with_a_call_in_flight_ends_everything_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var server = new ScriptedServer();
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "only": { {{server.Entry}} } } }""");
        await gateway.WaitUntilUpAsync("only");
        var family = ProcessTable.DescendantsOf(gateway.Program.Id);
        var call = gateway.CallAsync("sleep", """{"ms":60000}""");
        await Patience.UntilAsync(async () => (int)(await gateway.UpstreamAsync("only"))["inFlight"]! == 1);

        Signals.Terminate(gateway.Program.Id);
        var clock = Stopwatch.StartNew();
        // The call has its 5 s to end, and is then answered.
        Assert.Equal(4005, (int)(await call)["error"]!["code"]!);
        var result = await gateway.Program.WaitForEndAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(9), $"ended after {clock.Elapsed}");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain(family, ProcessTable.IsAlive);
    }
}
