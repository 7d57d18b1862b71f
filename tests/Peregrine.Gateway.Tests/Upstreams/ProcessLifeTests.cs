using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Peregrine.Gateway.Tests.Upstreams;

public sealed class ProcessLifeTests
{
    [Fact]
    public async Task A_killed_process_is_back_within_two_seconds_and_calls_wait_for_it()
    {
        await using var gateway = await StartAsync();
        var first = int.Parse(await gateway.CallTextAsync("pid"), CultureInfo.InvariantCulture);
        using (var process = Process.GetProcessById(first))
        {
            process.Kill();
        }

        var clock = Stopwatch.StartNew();
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].Restarts == 1 && gateway.Gateway.Upstreams[0].State == Gateway.Upstreams.UpstreamState.Ready));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"took {clock.Elapsed}");
        var second = int.Parse(await gateway.CallTextAsync("pid"), CultureInfo.InvariantCulture);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_call_sent_while_the_process_is_away_is_answered_by_the_next_one()
    {
        await using var gateway = await StartAsync();
        Assert.Equal("1", await gateway.CallTextAsync("calls"));
        await gateway.SessionAsync("tools/call", """{"name":"die"}""");
        Assert.Equal("hello", await gateway.CallTextAsync("echo", """{"message":"hello"}"""));
    }

    [Fact]
    public async Task A_call_whose_process_dies_has_an_unknown_outcome_and_is_not_sent_again()
    {
        await using var gateway = await StartAsync();
        var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"die"}"""))!["error"]!;
        Assert.Equal(4005, (int)error["code"]!);
        Assert.False((bool)error["data"]!["retryable"]!);
        Assert.DoesNotContain("secret", (string)error["message"]!, StringComparison.Ordinal);

        // The new process has seen only this call: the one that killed the first was not repeated.
        Assert.Equal("1", await gateway.CallTextAsync("calls"));
        var upstream = JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["upstreams"]![0]!;
        Assert.Equal(1, (int)upstream["restarts"]!);
        Assert.Equal(1, (int)upstream["outcomes"]!["outcome_unknown"]!);
    }

    [Fact]
    public async Task A_call_over_its_time_ends_with_4002_and_is_cancelled_at_the_server()
    {
        await using var gateway = await StartAsync("\"callTimeoutSeconds\": 0.5");
        var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"sleep","arguments":{"ms":600000}}"""))!["error"]!;
        Assert.Equal(4002, (int)error["code"]!);
        await RunningGateway.UntilAsync(async () => await gateway.CallTextAsync("cancelled") == "1");
    }

    [Fact]
    public async Task A_process_that_stands_still_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs SIGSTOP");
        await using var gateway = await StartAsync("\"callTimeoutSeconds\": 0.5");
        var first = int.Parse(await gateway.CallTextAsync("pid"), CultureInfo.InvariantCulture);
        using (var stop = Process.Start("kill", ["-STOP", first.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync();
        }

        var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"pid"}"""))!["error"]!;
        Assert.Equal(4002, (int)error["code"]!);
        await RunningGateway.UntilAsync(async () => JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"pid"}"""))!["result"] is not null);
        Assert.NotEqual(first, int.Parse(await gateway.CallTextAsync("pid"), CultureInfo.InvariantCulture));
        Assert.False(IsAlive(first));
        Assert.InRange(gateway.Gateway.Upstreams[0].Restarts, 1, int.MaxValue);
    }

    [Fact]
    public async Task A_caller_who_goes_away_cancels_the_call_at_the_server()
    {
        await using var gateway = await StartAsync();
        using var caller = new CancellationTokenSource();
        var call = gateway.StatelessAsync("tools/call", """{"name":"sleep","arguments":{"ms":600000}}""", cancellationToken: caller.Token);
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].StandardError.Any(static line => line.StartsWith("sleeping", StringComparison.Ordinal))));
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await RunningGateway.UntilAsync(async () => await gateway.CallTextAsync("cancelled") == "1");
    }

    [Fact]
    public async Task A_server_that_does_not_come_back_refuses_calls_with_4007()
    {
        var mark = Path.Combine(Path.GetTempPath(), "peregrine-once-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "a": { {{RunningGateway.Server("--once=" + mark)}} } } }""");
            await gateway.SessionAsync("tools/call", """{"name":"die"}""");
            await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].State == Gateway.Upstreams.UpstreamState.Failing));
            var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"pid"}"""))!["error"]!;
            Assert.Equal(4007, (int)error["code"]!);
            Assert.True((bool)error["data"]!["retryable"]!);
            Assert.Contains("\"name\":\"pid\"", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);

            File.Delete(mark);
            await RunningGateway.UntilAsync(async () => (await gateway.SessionAsync("tools/call", """{"name":"pid"}""")).Contains("\"result\"", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(mark);
        }
    }

    [Fact]
    public async Task A_name_that_no_server_has_is_refused()
    {
        await using var gateway = await StartAsync();
        var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"nothing"}"""))!["error"]!;
        Assert.Equal((-32602, "Unknown tool: nothing"), ((int)error["code"]!, (string)error["message"]!));
    }

    [Fact]
    public async Task More_calls_than_allowed_are_refused_with_4001()
    {
        await using var gateway = await StartAsync("\"servers\": { \"only\": { \"maxConcurrentCalls\": 1 } }");
        var slow = gateway.SessionAsync("tools/call", """{"name":"sleep","arguments":{"ms":3000}}""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].InFlight == 1));
        var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"pid"}"""))!["error"]!;
        Assert.Equal(4001, (int)error["code"]!);
        Assert.True((bool)error["data"]!["retryable"]!);
        Assert.Contains("awake", await slow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_the_process_and_what_it_started()
    {
        int parent, grandchild;
        await using (var gateway = await StartAsync())
        {
            parent = int.Parse(await gateway.CallTextAsync("pid"), CultureInfo.InvariantCulture);
            grandchild = int.Parse(await gateway.CallTextAsync("spawn"), CultureInfo.InvariantCulture);
            Assert.True(IsAlive(grandchild));
        }

        Assert.False(IsAlive(parent));
        Assert.False(IsAlive(grandchild));
    }

    [Fact]
    public async Task A_restart_ends_what_the_killed_process_started()
    {
        await using var gateway = await StartAsync();
        var grandchild = int.Parse(await gateway.CallTextAsync("spawn"), CultureInfo.InvariantCulture);
        await gateway.SessionAsync("tools/call", """{"name":"die"}""");
        await gateway.CallTextAsync("pid");
        await RunningGateway.UntilAsync(() => Task.FromResult(!IsAlive(grandchild)));
    }

    // A process that has ended but was not yet reaped by whoever adopted it counts as ended.
    private static bool IsAlive(int id)
    {
        try
        {
            var state = File.ReadAllText($"/proc/{id}/stat");
            return state[state.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task<RunningGateway> StartAsync(string settings = "") => RunningGateway.StartAsync($$$"""
        {"servers": { "only": { {{{RunningGateway.Server("--session")}}} } }, "peregrine": { {{{settings}}} } }
        """);
}
