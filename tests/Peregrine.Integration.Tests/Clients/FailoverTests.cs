using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Peregrine.Client;
using Peregrine.Client.Calling;
using Peregrine.Client.Pool;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Balancing;
using Peregrine.Execution.Resilience;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Clients;

/// <summary>A pool of three real servers, one of which is killed and started again while all are busy.</summary>
public sealed class FailoverTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task No_idempotent_call_fails_and_the_server_is_used_again_within_five_seconds_of_its_return()
    {
        var ports = FreePorts(3);
        var children = new HttpChild[3];
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = await StartAsync(ports[i]);
        }

        try
        {
            await using var pool = await PeregrineClientPool.ConnectAsync(
                [.. children.Select(static child => PoolMember.Http(child.Endpoints[0]))],
                new PoolOptions
                {
                    Strategy = BalancingStrategy.PowerOfTwo,
                    ProbeInterval = TimeSpan.FromMilliseconds(250),
                    Client = new PeregrineClientOptions
                    {
                        Reliability = new ReliabilityOptions
                        {
                            Retry = new RetryOptions { MaxAttempts = 4, BaseDelay = TimeSpan.FromMilliseconds(20) },
                            RetryBudget = new RetryBudgetOptions { Capacity = 1000 },
                        },
                    },
                });
            Assert.Equal(3, await pool.WarmUpAsync(4));
            ConcurrentQueue<Exception> failures = new();
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, 8).Select(worker => CallAsync(pool, worker, failures, stop.Token)).ToArray();

            // Every server has work before one goes.
            await UntilAsync(() => pool.Members.All(static member => member.Requests > 100));
            await children[1].DisposeAsync();
            await UntilAsync(() => !pool.Members[1].IsHealthy);
            var without = pool.Members[0].Requests;
            await UntilAsync(() => pool.Members[0].Requests > without + 100);

            children[1] = await StartAsync(ports[1]);
            var back = Stopwatch.GetTimestamp();
            var before = pool.Members[1].Requests;
            await UntilAsync(() => pool.Members[1].IsHealthy && pool.Members[1].Requests > before + 20);
            var took = Stopwatch.GetElapsedTime(back);
            await stop.CancelAsync();
            await Task.WhenAll(load);
            Assert.Empty(failures.Take(5));
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            Assert.True(pool.Members[1].Ejections >= 1);
        }
        finally
        {
            foreach (var child in children)
            {
                await child.DisposeAsync();
            }
        }
    }

    private static async Task CallAsync(PeregrineClientPool pool, int worker, ConcurrentQueue<Exception> failures, CancellationToken stop)
    {
        var options = new CallOptions { Idempotent = true };
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using var result = await pool.CallToolAsync("add", Encoding.UTF8.GetBytes($"{{\"a\":{worker},\"b\":{i}}}"), options, CancellationToken.None);
                if (result.GetText() != (worker + i).ToString(CultureInfo.InvariantCulture))
                {
                    failures.Enqueue(new InvalidOperationException($"{worker} + {i} is {result.GetText()}"));
                }
            }
            catch (Exception exception)
            {
                failures.Enqueue(exception);
            }
        }
    }

    private static Task<HttpChild> StartAsync(int port) => HttpChild.StartAsync(1, "--urls", $"http://127.0.0.1:{port}");

    // What is waited for has no event: it is looked at again and again, and only a failing test waits to the end.
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(HttpChild.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!holds())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    // The server that comes back needs the port it had.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(System.Net.IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = listeners.Select(static listener => ((System.Net.IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
