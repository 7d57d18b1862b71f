using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>Whatever the server does: each call ends, and ends in what its outcome says; what may run once runs once; nothing is left behind.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class MisbehavingPeerTests
{
    private const int InFlight = 64;

    private enum Kind
    {
        Write,
        KeyedWrite,
        Read,
    }

    [Fact]
    [Trait("Category", "Slow")]
    public Task Five_thousand_calls() => CallAsync(5_000, seed: 1);

    [Fact]
    [Trait("Category", "Full")]
    public Task A_hundred_thousand_calls() => CallAsync(100_000, seed: 2);

    private static async Task CallAsync(int calls, int seed)
    {
        var descriptors = Descriptors();
        ConcurrentQueue<string> wrong = new();
        var ended = 0;
        var duplicates = 0;
        await using (var peer = await MisbehavingPeer.StartAsync(seed, faultRate: 0.3))
        {
            await using (var client = await PeregrineClient.ConnectAsync(peer.Endpoint, Options(seed)).Soon())
            {
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, calls),
                    new ParallelOptions { MaxDegreeOfParallelism = InFlight },
                    async (number, _) =>
                    {
                        var outcome = await CallAsync(client, peer, number, wrong);
                        Interlocked.Increment(ref ended);
                        if (outcome.Duplicate)
                        {
                            Interlocked.Increment(ref duplicates);
                        }
                    }).WaitAsync(TimeSpan.FromMinutes(10));
            }

            await peer.Idle.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Empty(wrong.Take(20));
            Assert.Equal(calls, ended);
            for (var number = 0; number < calls; number++)
            {
                if ((Kind)(number % 3) == Kind.Write)
                {
                    Assert.True(peer.Taken.GetValueOrDefault(number) <= 1, $"call {number}, which has no key, was sent again after it had been taken");
                }

                if ((Kind)(number % 3) != Kind.Read)
                {
                    Assert.True(peer.Runs.GetValueOrDefault(number) <= 1, $"call {number} ran {peer.Runs.GetValueOrDefault(number)} times");
                }
            }

            // All of it happened, or this shows nothing.
            foreach (var fault in Enum.GetValues<MisbehavingPeer.Fault>().Where(static fault => fault != MisbehavingPeer.Fault.ForgetSession))
            {
                Assert.True(peer.Faults.GetValueOrDefault(fault) > 0, fault + " did not happen");
            }

            Assert.True(duplicates > 0, "no keyed call was answered from the ledger");
        }

        await AssertNothingIsOpenAsync(descriptors);
    }

    private static async Task<CallOutcome> CallAsync(PeregrineClient client, MisbehavingPeer peer, int number, ConcurrentQueue<string> wrong)
    {
        var kind = (Kind)(number % 3);
        var options = new CallOptions
        {
            IdempotencyKey = kind == Kind.KeyedWrite ? string.Create(CultureInfo.InvariantCulture, $"key-of-call-{number:D10}") : null,
            ReadOnly = kind == Kind.Read,
        };
        try
        {
            using var result = await client.CallToolAsync("run", Encoding.UTF8.GetBytes($"{{\"n\":{number}}}"), options);
            if (result.GetText() != number.ToString(CultureInfo.InvariantCulture))
            {
                wrong.Enqueue($"{number} was answered with {result.GetText()}");
            }

            if (result.Outcome.Unknown || result.Outcome.Attempts < 1 || (kind == Kind.KeyedWrite && result.Outcome.Processed != true))
            {
                wrong.Enqueue($"{number} was answered, and its outcome is {result.Outcome}");
            }

            return result.Outcome;
        }
        catch (PeregrineException exception)
        {
            var outcome = CallOutcome.Of(exception);
            if (outcome is null)
            {
                wrong.Enqueue($"{number} ended without an outcome: {exception}");
            }
            else if (!outcome.Value.Unknown && kind == Kind.Write && peer.Runs.GetValueOrDefault(number) != 0)
            {
                wrong.Enqueue($"{number} ran, and its outcome says that it did not: {exception}");
            }

            return outcome ?? default;
        }
        catch (Exception exception)
        {
            wrong.Enqueue($"{number}: {exception}");
            return default;
        }
    }

    private static PeregrineClientOptions Options(int seed) => new()
    {
        Era = ProtocolEra.Session,
        RequestTimeout = TimeSpan.FromSeconds(3),
        Reliability = new ReliabilityOptions
        {
            Retry = new RetryOptions { MaxAttempts = 6, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromSeconds(2), AttemptTimeout = TimeSpan.FromSeconds(1) },
            RetryBudget = new RetryBudgetOptions { Ratio = 5, Capacity = 10_000 },
            Seed = seed,
        },
    };

    // The runtime's own event queues come once and stay. Sockets in the finalizer's queue, or that the peer is closing, go soon.
    private static async Task AssertNothingIsOpenAsync(string[] before)
    {
        var time = Stopwatch.StartNew();
        string[] open;
        while (Sockets(open = Descriptors()) > Sockets(before) || open.Length > before.Length + 4)
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(30), $"Open before: {Kinds(before)}; now: {Kinds(open)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Open before: {Kinds(before)}; {time.Elapsed.TotalSeconds:F1} s after the end: {Kinds(open)}");
    }

    private static int Sockets(string[] descriptors) => descriptors.Count(static kind => kind == "socket");

    private static string Kinds(string[] descriptors) => string.Join(", ", descriptors.GroupBy(static kind => kind, StringComparer.Ordinal).Select(static kind => $"{kind.Count()} {kind.Key}"));

    // Without files: the runtime keeps two descriptors of each assembly, and which are loaded already depends on what ran before.
    private static string[] Descriptors() => !OperatingSystem.IsLinux() ? []
        : [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(static path => new FileInfo(path).LinkTarget ?? "").Where(static target => !target.StartsWith('/')).Select(static target => target.Split(':')[0])];
}
