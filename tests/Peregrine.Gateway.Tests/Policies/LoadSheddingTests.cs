using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Scheduling;
using Peregrine.Gateway.Policies;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>Tiers of calls: what holds for each, and which are refused first where the gateway has too much to do or too little memory.</summary>
public sealed class LoadSheddingTests
{
    private const string Tiers = """{"tools":{"get":{"tier":"slow"},"put":{"tier":"normal"},"who":{"tier":"fast"}}}""";

    [Fact]
    public async Task Slow_calls_are_refused_first_then_normal_ones_and_fast_ones_only_where_there_is_no_place()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers":{"only":{"url":"{{server.Url}}"} },"peregrine":{"maxConcurrentCalls":5,"policies":{{Tiers}} } }""");
        Assert.Equal(["4001", "ok", "ok"], await AskedBesideAsync(gateway, server, running: 2));
        Assert.Equal(["4001", "4001", "ok"], await AskedBesideAsync(gateway, server, running: 4));

        Assert.True(gateway.Gateway.Policies.Switches.TrySet("tools.get.shedding", 0, out _));
        Assert.Equal("ok", await OutcomeAsync(gateway, "get"));
    }

    [Fact]
    public async Task Who_is_refused_for_load_is_told_when_to_come_back()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Tiers));
        Assert.Equal("ok", await OutcomeAsync(gateway, "get"));

        gateway.Gateway.Policies.Load.Memory = MemoryPressure.Soft;
        var (status, body, headers) = await gateway.SendAsync("tools/call", """{"name":"get","arguments":{}}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (status, headers.RetryAfter!.Delta!.Value));
        var error = JsonNode.Parse(body)!["error"]!;
        Assert.Equal((4001, true, 1000), ((int)error["code"]!, (bool)error["data"]!["retryable"]!, (int)error["data"]!["retryAfterMs"]!));
        Assert.Equal("Overloaded: the gateway is short of memory, and slow calls are refused first; the call was not sent, try again later", (string)error["message"]!);
        Assert.Equal(("ok", "ok"), (await OutcomeAsync(gateway, "put"), await OutcomeAsync(gateway, "who")));
        Assert.Equal("soft", (string)JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["memoryPressure"]!);

        gateway.Gateway.Policies.Load.Memory = MemoryPressure.Hard;
        Assert.Equal(("4001", "ok"), (await OutcomeAsync(gateway, "put"), await OutcomeAsync(gateway, "who")));
        gateway.Gateway.Policies.Load.Memory = MemoryPressure.None;
        Assert.Equal("ok", await OutcomeAsync(gateway, "get"));
        Assert.Equal(2, server.Runs("get"));
    }

    [Fact]
    public async Task What_holds_for_a_tier_holds_for_all_its_calls_together_and_gives_way_to_a_tool()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """
            {
              "tiers": { "slow": { "rateLimit": { "perSecond": 0.01, "burst": 2 } } },
              "servers": { "only": { "tier": "slow", "rateLimit": { "perSecond": 1000 } } },
              "tools": { "who": { "tier": "fast" }, "put": { "rateLimit": { "perSecond": 0.01, "burst": 1 } } }
            }
            """));
        server.Release();

        // Two tools, one bucket.
        Assert.Equal(["ok", "ok", "4001"], new[] { await OutcomeAsync(gateway, "get"), await OutcomeAsync(gateway, "wait"), await OutcomeAsync(gateway, "get") });
        Assert.Equal(["ok", "4001"], new[] { await OutcomeAsync(gateway, "put"), await OutcomeAsync(gateway, "put") });
        Assert.Equal(["ok", "ok", "ok"], new[] { await OutcomeAsync(gateway, "who"), await OutcomeAsync(gateway, "who"), await OutcomeAsync(gateway, "who") });
        Assert.Contains(gateway.Gateway.Policies.Switches.List(), static one => one.Name == "tiers.slow.rate-limit");
    }

    [Fact]
    public void Memory_that_is_short_shrinks_the_cache_until_there_is_enough_again()
    {
        var cache = new ResultCache(new CacheOptions { MaxBytes = 1 << 20, MaxResultBytes = 1 << 20 }, TimeProvider.System);
        var load = new GatewayLoad();
        var (used, collections) = (0L, 0);
        var time = new HandTimers();
        using var watch = new MemoryWatch(100 << 20, () => used, () => collections++, load, () => cache, time, NullLogger.Instance);
        List<MemoryPressure> seen = [];
        foreach (var megabytes in (long[])[99, 100, 110, 125, 124, 90, 81, 79, 90, 130, 70])
        {
            used = megabytes << 20;
            time.Fire();
            seen.Add(load.Memory);
        }

        Assert.Equal(
            [MemoryPressure.None, MemoryPressure.Soft, MemoryPressure.Soft, MemoryPressure.Hard, MemoryPressure.Soft, MemoryPressure.Soft, MemoryPressure.Soft, MemoryPressure.None, MemoryPressure.None, MemoryPressure.Hard, MemoryPressure.None],
            seen);

        // When it becomes short, and every five seconds.
        Assert.Equal(3, collections);
        used = 130 << 20;
        time.Fire();
        watch.Dispose();
        Assert.Equal(MemoryPressure.None, load.Memory);
    }

    [Fact]
    public async Task A_gateway_over_its_limit_keeps_a_quarter_of_its_results()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """
            {"memoryBytes":16777216,"cacheBytes":1048576,"defaults":{"tier":"slow"},"tools":{"get":{"tier":"fast","cache":{"seconds":3600,"scope":"public"}}}}
            """));
        for (var i = 0; i < 200; i++)
        {
            await gateway.CallTextAsync("get", $$"""{"x":"{{new string('x', 4000)}}{{i}}"}""");
        }

        // More than the limit is held by the test: the next look finds it.
        var ballast = new byte[24 << 20];
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Policies.Load.Memory != MemoryPressure.None && gateway.Gateway.Policies.Cache.Bytes <= 1048576 / 4));
        Assert.Equal("4001", await OutcomeAsync(gateway, "who"));
        Assert.StartsWith("0", await gateway.CallTextAsync("get"), StringComparison.Ordinal);
        GC.KeepAlive(ballast);
    }

    [Theory]
    [InlineData(0.5, null, null)]
    [InlineData(0.51, "too many calls are in flight", null)]
    [InlineData(0.8, "too many calls are in flight", null)]
    [InlineData(0.81, "too many calls are in flight", "too many calls are in flight")]
    public void Half_of_the_places_are_for_slow_calls_and_four_fifths_for_normal_ones(double inFlight, string? slow, string? normal)
    {
        var load = new GatewayLoad { Calls = () => inFlight };
        Assert.Equal((slow, normal, null), (load.Refuse(CallTier.Slow), load.Refuse(CallTier.Normal), load.Refuse(CallTier.Fast)));
    }

    private static async Task<string[]> AskedBesideAsync(RunningGateway gateway, CountingServer server, int running)
    {
        var begun = server.Runs("wait");
        using var cancel = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, running).Select(_ => gateway.StatelessAsync("tools/call", """{"name":"wait","arguments":{}}""", cancellationToken: cancel.Token)).ToArray();
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == begun + running));
        string[] outcomes = [await OutcomeAsync(gateway, "get"), await OutcomeAsync(gateway, "put"), await OutcomeAsync(gateway, "who")];
        await cancel.CancelAsync();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.CallsInFlight == 0));
        return outcomes;
    }

    private static async Task<string> OutcomeAsync(RunningGateway gateway, string tool)
    {
        var reply = JsonNode.Parse(await gateway.SessionAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{"value":"1"} }"""))!;
        return reply["error"] is { } error ? error["code"]!.ToString() : "ok";
    }

    // Its timers fire when told to.
    private sealed class HandTimers : TimeProvider
    {
        private Action? _fire;

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return base.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
