using System.Text;
using Peregrine.Client.Calling;
using Peregrine.Client.Pool;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Pool;

public sealed class PoolTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Each_server_gets_its_turn()
    {
        var servers = new[] { new Member("a"), new Member("b"), new Member("c") };
        await using var pool = await ConnectAsync(servers, BalancingStrategy.RoundRobin);
        for (var i = 0; i < 30; i++)
        {
            (await pool.CallToolAsync("t").Soon()).Dispose();
        }

        Assert.All(pool.Members, static member => Assert.Equal(10, member.Requests));
        Assert.All(servers, static server => Assert.Equal(10, server.Calls));
    }

    [Fact]
    public async Task Calls_of_one_key_reach_one_server_and_move_where_it_goes()
    {
        var servers = new[] { new Member("a"), new Member("b"), new Member("c") };
        await using var pool = await ConnectAsync(servers, BalancingStrategy.ConsistentHash);
        var options = new CallOptions { AffinityKey = "user 7" };
        for (var i = 0; i < 10; i++)
        {
            (await pool.CallToolAsync("t", Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"), options).Soon()).Dispose();
        }

        var home = Assert.Single(servers, static server => server.Calls > 0);
        Assert.Equal(10, home.Calls);
        await home.EndAsync();
        for (var i = 0; i < 10; i++)
        {
            (await pool.CallToolAsync("t", default, options).Soon()).Dispose();
        }

        Assert.Equal(10, Assert.Single(servers, server => server != home && server.Calls > 0).Calls);
    }

    [Fact]
    public async Task A_server_that_is_gone_loses_no_call_and_is_taken_out()
    {
        var servers = new[] { new Member("a"), new Member("b") };
        await using var pool = await ConnectAsync(
            servers, BalancingStrategy.RoundRobin, new HealthOptions { EjectionTime = TimeSpan.FromMinutes(10), MaxEjectionTime = TimeSpan.FromMinutes(10) });
        await servers[0].EndAsync();
        for (var i = 0; i < 20; i++)
        {
            using var result = await pool.CallToolAsync("t").Soon();
            Assert.InRange(result.Outcome.Attempts, 1, 2);
        }

        Assert.False(pool.Members[0].IsHealthy);
        Assert.Equal(1, pool.Members[0].Ejections);
        Assert.Equal(3, pool.Members[0].Failures);
        Assert.Equal(20, servers[1].Calls);
    }

    [Fact]
    public async Task Where_none_is_healthy_a_call_fails_at_once()
    {
        var servers = new[] { new Member("a"), new Member("b") };
        await using var pool = await ConnectAsync(servers, BalancingStrategy.PowerOfTwo, new HealthOptions { FailuresToEject = 1, EjectionTime = TimeSpan.FromMinutes(1), MaxEjectionTime = TimeSpan.FromMinutes(1) });
        await servers[0].EndAsync();
        await servers[1].EndAsync();
        await Assert.ThrowsAnyAsync<PeregrineException>(() => pool.CallToolAsync("t").Soon());
        var exception = await Assert.ThrowsAsync<CallNotSentException>(() => pool.CallToolAsync("t").Soon());
        Assert.Equal(ErrorCodes.NoHealthyServer, exception.Code);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_found_by_the_probe_and_used_again()
    {
        var servers = new[] { new Member("a"), new Member("b") };
        servers[0].Refuses = true;
        await using var pool = await ConnectAsync(servers, BalancingStrategy.RoundRobin, probe: TimeSpan.FromSeconds(1), time: _time);
        Assert.False(pool.Members[0].IsConnected);
        (await pool.CallToolAsync("t").Soon()).Dispose();
        Assert.Equal(1, servers[1].Calls);

        servers[0].Refuses = false;
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await servers[0].Connected.Soon();
        Assert.Equal(2, await pool.WarmUpAsync(3).Soon());
        for (var i = 0; i < 10; i++)
        {
            (await pool.CallToolAsync("t").Soon()).Dispose();
        }

        Assert.Equal(5, servers[0].Calls);
    }

    [Fact]
    public async Task A_keyed_call_that_may_have_run_is_not_sent_to_another_ledger()
    {
        var servers = new[] { new Member("a") { Epoch = "1" }, new Member("b") { Epoch = "2" } };
        servers[0].Answer = servers[1].Answer = "\"result\":1,\"result\":2";
        await using var pool = await ConnectAsync(servers, BalancingStrategy.RoundRobin);
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => pool.CallToolAsync("t", default, new CallOptions { IdempotencyKey = "0123456789abcdef" }).Soon());
        Assert.True(exception.MayHaveRun);
        Assert.True(CallOutcome.Of(exception)?.Unknown);
        Assert.Single(servers, static server => server.Calls > 0);
        Assert.Equal(3, servers.Sum(static server => server.Calls));
    }

    [Fact]
    public async Task Servers_that_share_a_ledger_stand_in_for_each_other()
    {
        var servers = new[] { new Member("a") { Epoch = "1" }, new Member("b") { Epoch = "1" } };
        await using var pool = await ConnectAsync(servers, BalancingStrategy.RoundRobin, new HealthOptions { FailuresToEject = 1 });
        servers[0].Answer = servers[1].Answer = "\"result\":1,\"result\":2";
        servers[0].Answered = () => servers[1].Answer = Member.Fine;
        servers[1].Answered = () => servers[0].Answer = Member.Fine;
        using var result = await pool.CallToolAsync("t", default, new CallOptions { IdempotencyKey = "0123456789abcdef" }).Soon();
        Assert.Equal(2, result.Outcome.Attempts);
        Assert.Equal(1, servers[0].Calls);
        Assert.Equal(1, servers[1].Calls);
    }

    [Fact]
    public async Task What_is_not_valid_is_all_named()
    {
        var a = new Member("a");
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => PeregrineClientPool.ConnectAsync([a.Pooled(), new Member("a").Pooled(), new PoolMember("w", static (_, _) => default) { Weight = 0 }]).Soon());
        Assert.Contains("named a", exception.Message, StringComparison.Ordinal);
        Assert.Contains("w: Weight", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => PeregrineClientPool.ConnectAsync([]).Soon());
        await Assert.ThrowsAsync<ArgumentException>(() => PeregrineClientPool.ConnectAsync([a.Pooled()], new PoolOptions { ProbeInterval = TimeSpan.FromTicks(1) }).Soon());
    }

    private ValueTask<PeregrineClientPool> ConnectAsync(Member[] servers, BalancingStrategy strategy, HealthOptions? health = null, TimeSpan probe = default, TimeProvider? time = null) =>
        PeregrineClientPool.ConnectAsync([.. servers.Select(static server => server.Pooled())], new PoolOptions
        {
            Strategy = strategy,
            ProbeInterval = probe,
            Health = health ?? new HealthOptions(),
            Client = new PeregrineClientOptions
            {
                Era = ProtocolEra.Session,
                TimeProvider = time ?? TimeProvider.System,
                Reliability = new ReliabilityOptions { Retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1), Jitter = 0 } },
            },
        });

    /// <summary>One server of a pool.</summary>
    private sealed class Member(string name)
    {
        internal const string Fine = "\"result\":{\"content\":[]}";

        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ScriptedServer? _server;
        private int _calls;

        public bool Refuses { get; set; }

        public string? Epoch { get; init; }

        public string Answer { get; set; } = Fine;

        public Action? Answered { get; set; }

        public int Calls => Volatile.Read(ref _calls);

        public Task Connected => _connected.Task;

        public PoolMember Pooled() => new(name, async (options, cancellationToken) =>
        {
            if (Refuses)
            {
                throw new McpTransportException(TransportFault.ConnectFailed, name + " refuses");
            }

            _server = new ScriptedServer((method, _) => method switch
            {
                "initialize" => "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
                    + (Epoch is null ? "{}" : "{\"experimental\":{\"mcp_tx\":{\"epoch\":\"" + Epoch + "\"}}}")
                    + ",\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}",
                "ping" => "\"result\":{}",
                "tools/call" => Call(),
                _ => null,
            });
            var client = await PeregrineClient.ConnectAsync(_server.Connection, options, cancellationToken);
            _connected.TrySetResult();
            return client;
        });

        public async Task EndAsync()
        {
            await _server!.EndAsync();
            await _server.Connection.Completion.Soon();
        }

        private string Call()
        {
            Interlocked.Increment(ref _calls);
            var answer = Answer;
            Answered?.Invoke();
            return answer;
        }
    }
}
