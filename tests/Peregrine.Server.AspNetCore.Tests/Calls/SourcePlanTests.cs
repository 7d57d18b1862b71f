using System.Net.Sockets;
using Peregrine.Client;
using Peregrine.Client.Batching;
using Peregrine.Client.Pool;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Memory;
using Peregrine.Execution.Resilience;
using Peregrine.Execution.Scheduling;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.AspNetCore.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>Twelve tests under the names that users' plans know them by.</summary>
public sealed class SourcePlanTests
{
    private int _runs;

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task test_cache_invalidation_events(Front front)
    {
        var server = Cached().Build();
        List<CacheEvent> told = [];
        using var subscription = server.Cache.Subscribe(told.Add);
        await using var caller = await Caller.StartAsync(server, front);
        await caller.CallAsync("get_swarm_status");

        await caller.CallAsync("create_agent");

        var one = Assert.Single(told);
        Assert.Equal((CacheEventKind.Invalidated, 1, 0), (one.Kind, one.Entries, one.Fills));
        Assert.Equal(["agents", "swarm_status"], one.Tags);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task test_tag_based_invalidation(Front front)
    {
        var server = Cached().Build();
        await using var caller = await Caller.StartAsync(server, front);
        Assert.Equal("1", (await caller.CallAsync("get_swarm_status")).Text);
        Assert.Equal("2", (await caller.CallAsync("list_tasks")).Text);

        Assert.Equal(1, await server.Cache.InvalidateByTagsAsync(["tasks"]));

        Assert.Equal("1", (await caller.CallAsync("get_swarm_status")).Text);
        Assert.Equal("3", (await caller.CallAsync("list_tasks")).Text);
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task test_cache_statistics(Front front)
    {
        var server = Cached().Build();
        await using var caller = await Caller.StartAsync(server, front);
        for (var i = 0; i < 10; i++)
        {
            await caller.CallAsync("list_tasks");
            await caller.CallAsync("get_swarm_status");
            if (i == 4)
            {
                await caller.CallAsync("create_agent");
            }
        }

        var statistics = server.Cache.Statistics;
        Assert.Equal((17L, 3L, 1L, 2), (statistics.Hits, statistics.Misses, statistics.Invalidated, statistics.Entries));
        Assert.Equal(17.0 / 20, statistics.HitRatio);
        Assert.Equal(_runs, statistics.Misses);
        Assert.True(statistics.Bytes > 0);
    }

    [Fact]
    public async Task test_connection_pool_reuse()
    {
        await using var site = await TestSite.StartAsync();
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = site.Address };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var response = await client.SendAsync(TestSite.PostStateless("tools/call", "echo", TestSite.Call("echo")));
                await response.Content.ReadAsStringAsync();
            }
        })));

        // 400 calls, and eight at a time.
        Assert.InRange(1 - (Volatile.Read(ref connections) / 400.0), 0.9, 1);
    }

    [Fact]
    public async Task test_connection_health_monitoring()
    {
        await using var good = await TestSite.StartAsync();
        var failing = await TestSite.StartAsync();
        var address = failing.Address;
        await using var pool = await PeregrineClientPool.ConnectAsync([PoolMember.Http(new Uri(good.Address, "mcp")), PoolMember.Http(new Uri(address, "mcp"))],
            new PoolOptions { ProbeInterval = TimeSpan.FromMilliseconds(100) });
        await Waiting.UntilAsync(() => pool.Members.All(static member => member.IsHealthy));

        await failing.DisposeAsync();
        await Waiting.UntilAsync(() => !pool.Members[1].IsHealthy);
        for (var i = 0; i < 20; i++)
        {
            using var result = await pool.CallToolAsync("echo", "{}"u8.ToArray());
            Assert.False(result.IsError);
        }

        await using var again = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", EchoServer()), url: address.GetLeftPart(UriPartial.Authority));
        await Waiting.UntilAsync(() => pool.Members.All(static member => member.IsHealthy));
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task test_connection_pool_limits(Front front)
    {
        using var go = new SemaphoreSlim(0);
        var server = Held(go, new SchedulingOptions { MaxConcurrentCallsPerClient = 3, MaxQueuedCalls = 100 });
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 10).Select(_ => caller.CallAsync("held")).ToList();
        await Waiting.UntilAsync(() => server.Limits.Waiting == 7);

        Assert.Equal(3, server.Limits.Running);
        go.Release(10);
        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal("done", reply.Text));
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task test_memory_limits_streaming(Front front)
    {
        var server = PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("large"), static call => call.ReturnText(new string('x', 5_000_000)))
            .Add(CallTool.Named("small"), static call => call.ReturnText("x"))
            .Configure(static options => options with { Memory = MemoryOptions.Default with { MaxStreamBytes = 1_000_000 } }).Build();
        await using var caller = await Caller.StartAsync(server, front);

        var reply = await caller.CallAsync("large");

        Assert.Equal(4003, reply.Code);
        Assert.Contains("resource_exhausted", reply.Message.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("x", (await caller.CallAsync("small")).Text);
        Assert.Equal(1, server.Memory.Statistics.Refused);
    }

    [Fact]
    public void test_automatic_cleanup()
    {
        var time = new ManualTime();
        using var governor = new MemoryGovernor(MemoryOptions.Default, time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        List<string> ended = [];
        using var abandoned = governor.Open("a", "abandoned", why => ended.Add($"abandoned: {why}"));
        using var read = governor.Open("b", "read", _ => ended.Add("read"));
        using var making = governor.Open("c", "making", _ => ended.Add("making"));
        abandoned.Take(1000);
        read.Take(1000);
        abandoned.BeginWaiting();
        for (var i = 0; i < 30; i++)
        {
            // A reader that takes a little now and then, and a tool that takes its time.
            read.EndWaiting();
            read.BeginWaiting();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["abandoned: Abandoned"], ended);
        Assert.Equal(1, governor.Statistics.EndedAbandoned);
        Assert.Throws<ResourceExhaustedException>(() => abandoned.Take(1));
    }

    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task test_resource_pool_limits(Front front)
    {
        using var go = new SemaphoreSlim(0);
        var server = Held(go, new SchedulingOptions { MaxConcurrentCalls = 2, MaxQueuedCalls = 0 });
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 2).Select(_ => caller.CallAsync("held")).ToList();
        await Waiting.UntilAsync(() => server.Limits.Running == 2);

        Assert.Equal(4001, (await caller.CallAsync("held")).Code);
        go.Release(3);
        await Task.WhenAll(calls);
        await Waiting.UntilAsync(() => server.Limits.Running == 0);
        Assert.Equal("done", (await caller.CallAsync("held")).Text);
    }

    /// <summary>What comes at once goes in few batches, which makes a fixed cost a batch small.</summary>
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task test_batch_size_optimization(Front front)
    {
        var tool = new BatchCollectionTests.SquareTool(new McpBatchOptions { Max = 32, Wait = TimeSpan.FromMilliseconds(50) }) { Waits = true };
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(tool).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 128).Select(i => caller.CallAsync("square", $$"""{"n":{{i}}}""")).ToList();
        await Waiting.UntilAsync(() => tool.Sizes.Sum() == 128);
        tool.Go.Release(128);
        await Task.WhenAll(calls);

        Assert.InRange(tool.Sizes.Count, 4, 32);
        Assert.True(tool.Sizes.Max() > 8, $"{string.Join(' ', tool.Sizes)}");
    }

    /// <summary>Batches do not wait for each other, and many calls that a client makes together come back in order with their failures.</summary>
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    public async Task test_parallel_batch_execution(Front front)
    {
        var tool = new BatchCollectionTests.SquareTool(new McpBatchOptions { Max = 4, Wait = TimeSpan.FromSeconds(1) }) { Waits = true };
        var server = PeregrineServer.CreateBuilder("t", "1").AddTool(tool).Build();
        await using var caller = await Caller.StartAsync(server, front);
        var calls = Enumerable.Range(0, 13).Select(i => caller.CallAsync("square", $$"""{"n":{{i}}}""")).ToList();

        // None has ended, and four run.
        await Waiting.UntilAsync(() => tool.Tokens.Count >= 4 && tool.Sizes.Sum() == 13);
        tool.Go.Release(20);

        var replies = await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 13).Select(static i => i == 7 ? "unlucky" : $"{i * i}"), replies.Select(static reply => reply.Text));
    }

    [Fact]
    public async Task test_adaptive_batching()
    {
        var running = 0;
        var most = 0;
        await using var site = await TestSite.StartAsync(app => app.MapPeregrine("/mcp", PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("work"), async call =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(5, call.CancellationToken);
            Interlocked.Decrement(ref running);
            call.ReturnText("done");
        }).Build()));
        await using var client = await PeregrineClient.ConnectAsync(new Uri(site.Address, "mcp"));

        using var results = await client.CallToolsAsync([.. Enumerable.Range(0, 600).Select(static _ => new ToolCall("work", "{}"u8.ToArray()))],
            new BatchOptions { Adaptive = new AdaptiveLimitOptions { Initial = 2, Max = 64 } });

        // It began with two at once and found that more do no harm.
        Assert.Equal((600, 0), (results.Count, results.Failed));
        Assert.InRange(most, 4, 64);
    }

    private static PeregrineServer EchoServer() => PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("echo"), static call => call.ReturnText("x")).Build();

    private static PeregrineServer Held(SemaphoreSlim go, SchedulingOptions scheduling) => PeregrineServer.CreateBuilder("t", "1").Add(CallTool.Named("held"), async call =>
    {
        await go.WaitAsync(call.CancellationToken);
        call.ReturnText("done");
    }).Configure(options => options with { Scheduling = scheduling }).Build();

    private PeregrineServerBuilder Cached() => PeregrineServer.CreateBuilder("t", "1")
        .Add(CallTool.Named("get_swarm_status") with { ReadOnly = true, CacheDuration = TimeSpan.FromMinutes(5), CacheTags = ["swarm_status"] }, call => call.ReturnValue(Interlocked.Increment(ref _runs)))
        .Add(CallTool.Named("list_tasks") with { ReadOnly = true, CacheDuration = TimeSpan.FromMinutes(5), CacheTags = ["tasks"] }, call => call.ReturnValue(Interlocked.Increment(ref _runs)))
        .Add(CallTool.Named("create_agent") with { InvalidatesTags = ["agents", "swarm_status"] }, static call => call.ReturnText("created"));
}
