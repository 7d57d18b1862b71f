using System.Diagnostics;
using Peregrine.Client.Batching;
using Peregrine.Client.Tests.Reliability;
using Peregrine.Server.Tools;

namespace Peregrine.Client.Tests.Batching;

/// <summary>Against a real server with 8 slots, whose calls take longer the more run beyond them.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class AdaptiveBatchTests
{
    private const int Calls = 600;
    private const int Rounds = 3;
    private const int MostRounds = 8;
    private const double Share = 0.8;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_concurrency_found_is_within_a_fifth_of_the_best_fixed_one()
    {
        await using var server = new InProcessServer(static builder => builder.AddTools(new CrowdedTools()));
        await using var client = await PeregrineClient.ConnectAsync(server.Connection).Soon();
        await RunAsync(client, null, 200);

        // In turn, and the best of each counts: what else the machine does hits all alike, and where it was busy in all of them, more rounds are fair to all.
        int?[] ways = [null, 4, 6, 8, 10, 12, 16];
        var best = new double[ways.Length];
        for (var round = 0; round < Rounds || (round < MostRounds && best[0] < Share * best[1..].Max()); round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                best[i] = Math.Max(best[i], await RunAsync(client, ways[i], Calls));
            }
        }

        var fixedBest = best[1..].Max();
        Assert.True(best[0] >= Share * fixedBest, $"{best[0]:0} calls a second; fixed: {string.Join(", ", ways.Zip(best).Skip(1).Select(static pair => $"{pair.First}: {pair.Second:0}"))}");
    }

    private static async Task<double> RunAsync(PeregrineClient client, int? concurrency, int count)
    {
        var started = Stopwatch.GetTimestamp();
        using var results = await client.CallToolsAsync([.. Enumerable.Repeat(new ToolCall("work"), count)], new BatchOptions { Concurrency = concurrency });
        Assert.Equal(0, results.Failed);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

[McpTools]
public sealed class CrowdedTools
{
    private int _running;

    /// <summary>Takes 10 ms, and the square of the crowd times that where more than eight run.</summary>
    [McpTool]
    public async Task<int> Work(CancellationToken cancellationToken)
    {
        var running = Interlocked.Increment(ref _running);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10 * Math.Pow(Math.Max(1, running / 8.0), 2)), cancellationToken);
            return running;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
