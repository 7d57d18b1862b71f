using System.Buffers.Binary;
using System.Text;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Tests.Caching;

/// <summary>Readers, writers and clearings at random on one cache: who begins to read after an invalidation has returned never sees what was before. Numbers are those that the threads counted themselves.</summary>
public sealed class NothingStaleTests
{
    private const int Items = 50;

    [Fact]
    public Task AHundredThousandOperations() => RunAsync(100_000);

    [Fact]
    [Trait("Category", "Slow")]
    public Task AMillionOperations() => RunAsync(1_000_000);

    private static async Task RunAsync(int operations)
    {
        var cache = new ResultCache(new CacheOptions { MaxBytes = 30 * 300, MaxResultBytes = 1000 }, TimeProvider.System);
        var group = new CacheGroup("item", TimeSpan.FromMilliseconds(50));
        var values = new long[Items];
        var known = new long[Items];
        CacheKey[] keys = [.. Enumerable.Range(0, Items).Select(i => new CacheKey(group, ArgumentHash.Of(Encoding.UTF8.GetBytes($"{i}")), null, 0))];
        string[][] tags = [.. Enumerable.Range(0, Items).Select(static i => (string[])[$"item:{i}", "items"])];
        var left = operations;
        var (hits, leads, follows, invalidated) = (0L, 0L, 0L, 0L);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var item = random.Next(Items);
                switch (random.Next(20))
                {
                    case 0:
                        // First the value, then the invalidation, then others may count on it.
                        var written = Interlocked.Increment(ref values[item]);
                        Interlocked.Add(ref invalidated, cache.Invalidate([tags[item][random.Next(20) == 0 ? 1 : 0]]));
                        Raise(ref known[item], written);
                        break;
                    default:
                        await ReadAsync(item, random);
                        break;
                }
            }
        })));

        var statistics = cache.Statistics;
        Assert.Equal((hits, leads, follows), (statistics.Hits, statistics.Misses, statistics.Coalesced));
        Assert.Equal(invalidated, statistics.Invalidated);
        Assert.Equal(statistics.Entries,
            statistics.Stored - statistics.Replaced - statistics.Rejected - statistics.Evicted - statistics.Expired - statistics.Invalidated - statistics.Cleared);
        Assert.Equal(leads, statistics.Stored + statistics.NotStored + statistics.Doomed);
        Assert.True(hits > 0 && follows > 0 && invalidated > 0 && statistics.Doomed > 0, $"{statistics}");

        async Task ReadAsync(int item, Random random)
        {
            var least = Volatile.Read(ref known[item]);
            var lookup = cache.Look(keys[item], tags[item], "item");
            ReadOnlyMemory<byte> result;
            switch (lookup.Answer)
            {
                case CacheAnswer.Hit:
                    Interlocked.Increment(ref hits);
                    result = lookup.Result;
                    break;
                case CacheAnswer.Lead:
                    Interlocked.Increment(ref leads);
                    var made = new byte[8];
                    BinaryPrimitives.WriteInt64LittleEndian(made, Volatile.Read(ref values[item]));
                    if (random.Next(2) == 0)
                    {
                        await Task.Yield();
                    }

                    cache.Complete(lookup.Fill!, made, storable: random.Next(50) > 0);
                    result = made;
                    break;
                default:
                    Interlocked.Increment(ref follows);
                    result = (await lookup.Fill!.Outcome).Result;
                    break;
            }

            var read = BinaryPrimitives.ReadInt64LittleEndian(result.Span);
            Assert.True(read >= least, $"Read {read} of {item}, {lookup.Answer}, after {least} was written.");
        }
    }

    private static void Raise(ref long known, long value)
    {
        for (var seen = Volatile.Read(ref known); value > seen; seen = Volatile.Read(ref known))
        {
            Interlocked.CompareExchange(ref known, value, seen);
        }
    }
}
