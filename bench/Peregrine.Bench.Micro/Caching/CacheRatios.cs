using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Bench.Micro.Ratios;
using Peregrine.Bench.Micro.Server;
using Peregrine.Execution.Caching;
using Peregrine.Observability.Scheduling;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Server.Stdio;

namespace Peregrine.Bench.Micro.Caching;

/// <summary>A hit in the fast mode: by itself beside a bare dictionary under a lock, and as a call on stdio without system calls beside the same call that runs.</summary>
internal static class CacheRatios
{
    private const int Keys = 1000;
    private const int Batches = 10;

    public static IEnumerable<RatioCase> Cases =>
    [
        new RatioCase("cache hit", 0, [new Contestant("ResultCache", Hit()), new Contestant("dictionary and lock", Bare())]),
        new RatioCase($"cached call x{Batches * MessageFeed.BatchSize}", 0,
        [
            Calls("hit", static builder => builder.AddTools(new CachedEchoTools())),
            Calls("runs", static builder => builder.AddTools(new EchoTools())),
        ]),
    ];

    private static Func<int> Hit()
    {
        var cache = new ZipfCache(Keys, Keys);
        for (var key = 0; key < Keys; key++)
        {
            cache.Ask(key);
        }

        var next = 0;
        return () => cache.Ask(next = (next + 7) % Keys) ? 1 : throw new InvalidOperationException("A result is gone.");
    }

    private static Func<int> Bare()
    {
        var gate = new Lock();
        var results = Enumerable.Range(0, Keys).ToDictionary(ZipfCache.KeyOf, static _ => new byte[100]);
        var keys = results.Keys.ToArray();
        var next = 0;
        return () =>
        {
            lock (gate)
            {
                return results.TryGetValue(keys[next = (next + 7) % Keys], out var result) ? result.Length : 0;
            }
        };
    }

    private static Contestant Calls(string name, Func<PeregrineServerBuilder, PeregrineServerBuilder> add)
    {
        var server = new Lazy<PeregrineServer>(() => add(PeregrineServer.CreateBuilder("bench", "1")).Build());
        return new Contestant(name, () => RunAsync(server.Value).GetAwaiter().GetResult());
    }

    private static async Task<int> RunAsync(PeregrineServer server)
    {
        var feed = new MessageFeed("{\"message\":\"hello, peregrine\"}", "", Batches);
        var options = DuplexOptions.Default with { MaxCallsInFlight = 1_000_000 };
        using var stdio = new StdioServer(server, feed, options, ThreadPoolScheduler.Instance, NullLogger.Instance);
        await stdio.RunAsync(TimeProvider.System, CancellationToken.None);
        return (int)feed.Written;
    }
}
