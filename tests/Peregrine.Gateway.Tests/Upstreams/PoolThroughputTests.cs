using System.Diagnostics;

namespace Peregrine.Gateway.Tests.Upstreams;

/// <summary>What several processes are for: a server that answers one call at a time.</summary>
public sealed class PoolThroughputTests
{
    private const int Processes = 4;
    private const int Callers = 16;
    private const int CallsPerCaller = 15;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Four_processes_answer_at_least_three_times_as_many_calls_as_one()
    {
        await using var single = await StartAsync(1);
        await using var pool = await StartAsync(Processes);
        await RunAsync(single);
        await RunAsync(pool);

        // The best of each: what else the machine does only ever takes longer.
        var (alone, together) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < 4; round++)
        {
            alone = Least(alone, await RunAsync(single));
            together = Least(together, await RunAsync(pool));
        }

        Assert.True(alone / together >= 3, $"{Callers * CallsPerCaller} calls took one process {alone.TotalMilliseconds:0} ms, {Processes} {together.TotalMilliseconds:0} ms: {alone / together:0.00} times as fast");
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task<RunningGateway> StartAsync(int processes)
    {
        var gateway = await RunningGateway.StartAsync(
            $$"""{"mcpServers": { "slow": { {{RunningGateway.Server("")}} } }, "peregrine": { "servers": { "slow": { "minProcesses": {{processes}}, "maxProcesses": {{processes}} } } } }""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].Connections == processes));
        return gateway;
    }

    private static async Task<TimeSpan> RunAsync(RunningGateway gateway)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var i = 0; i < CallsPerCaller; i++)
            {
                Assert.Equal("done", await gateway.CallTextAsync("serial"));
            }
        }));
        return clock.Elapsed;
    }
}
