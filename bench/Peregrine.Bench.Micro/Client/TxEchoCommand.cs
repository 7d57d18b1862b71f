using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peregrine.Client;
using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.Versions;

namespace Peregrine.Bench.Micro.Client;

/// <summary>
/// The workload <c>tx-echo-1000</c>: a thousand echoes, one after the other, ten at once, all at once; plain, with a key, and with a key where each is refused once or three times first. Beside it what
/// the source of <c>mcp_tx</c> says of itself; it has no benchmark, and its default wait of 1 s before a retry does not allow its figures for retries. Ours waits 10, 20 and 40 ms.
/// </summary>
internal static class TxEchoCommand
{
    private const int Calls = 1000;

    private static readonly (string Name, int InFlight, string Source)[] s_ways =
    [
        ("sequential", 1, "5-10 ms, 100-200/s"),
        ("10 at once", 10, "1,000-2,000/s"),
        ("all at once", Calls, "-"),
    ];

    private static readonly (string Name, bool Keyed, int Failures, string Source)[] s_kinds =
    [
        ("plain", false, 0, ""),
        ("keyed", true, 0, ""),
        ("keyed, 1 failure", true, 1, "10-20 ms, 50-100/s"),
        ("keyed, 3 failures", true, 3, "30-100 ms, 10-30/s"),
    ];

    internal static async Task<int> RunAsync()
    {
        Console.WriteLine($"{"tx-echo-1000",-14}{"",-20}{"calls/s",10}{"P50 ms",10}{"P99 ms",10}{"B/call",10}  source claims");
        foreach (var (way, inFlight, sourceOfWay) in s_ways)
        {
            foreach (var (kind, keyed, failures, sourceOfKind) in s_kinds)
            {
                // Where each call waits for its retries, what the compiler has not done yet does not show.
                if (failures == 0)
                {
                    await MeasureAsync(inFlight, keyed, failures);
                }

                var (seconds, latencies, bytes) = await MeasureAsync(inFlight, keyed, failures);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{way,-14}{kind,-20}{Calls / seconds,10:F0}{latencies[Calls / 2],10:F3}{latencies[Calls * 99 / 100],10:F3}{bytes,10:F0}  {(sourceOfKind.Length > 0 && inFlight == 1 ? sourceOfKind : failures == 0 ? sourceOfWay : "-")}"));
            }
        }

        return 0;
    }

    private static async Task<(double Seconds, double[] Milliseconds, double Bytes)> MeasureAsync(int inFlight, bool keyed, int failures)
    {
        var peer = new TxEchoPeer(failures);
        await using var client = await PeregrineClient.ConnectAsync(peer.Connection, new PeregrineClientOptions
        {
            Era = ProtocolEra.Session,
            Reliability = new ReliabilityOptions
            {
                Retry = new RetryOptions { MaxAttempts = 4, BaseDelay = TimeSpan.FromMilliseconds(10) },
                RetryBudget = null,
                Keys = keyed ? KeyPolicy.EveryCall : KeyPolicy.WhenGiven,
            },
        });
        var arguments = Enumerable.Range(0, Calls).Select(static i => Encoding.UTF8.GetBytes($"{{\"message\":\"hello {i}\"}}")).ToArray();
        var latencies = new double[Calls];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            int index;
            while ((index = Interlocked.Increment(ref next)) < Calls)
            {
                var sent = Stopwatch.GetTimestamp();
                using var result = await client.CallToolAsync("echo", arguments[index], new CallOptions());
                latencies[index] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                if (result.Outcome.Attempts != failures + 1)
                {
                    throw new InvalidOperationException($"Call {index} took {result.Outcome.Attempts} attempts.");
                }
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
        Array.Sort(latencies);
        return (seconds, latencies, bytes);
    }
}
