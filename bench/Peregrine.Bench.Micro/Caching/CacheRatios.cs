using Peregrine.Bench.Micro.Ratios;
using Peregrine.Bench.Micro.Server;
using Peregrine.Execution.Caching;

namespace Peregrine.Bench.Micro.Caching;

/// <summary>A hit in the fast mode: by itself beside a bare dictionary under a lock, and as a call on stdio without system calls beside the same call that runs.</summary>
internal static class CacheRatios
{
    private const int Keys = 1000;

    public static IEnumerable<RatioCase> Cases =>
    [
        new RatioCase("cache hit", 0, [new Contestant("ResultCache", Hit()), new Contestant("dictionary and lock", Bare())]),
        new RatioCase($"cached call x{StdioCalls.Count}", 0,
        [
            StdioCalls.Of("hit", static builder => builder.AddTools(new CachedEchoTools())),
            StdioCalls.Of("runs", static builder => builder.AddTools(new EchoTools())),
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
}
