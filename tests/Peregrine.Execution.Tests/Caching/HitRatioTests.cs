using System.Runtime.InteropServices;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Tests.Caching;

/// <summary>How well the cache chooses what it keeps, where a few of 10,000 things are asked for much and most hardly ever (Zipf, exponent 1).</summary>
public sealed class HitRatioTests
{
    private const int Keys = 10_000;
    private const int Askings = 400_000;
    private const int ResultBytes = 100;
    private const int EntryBytes = ResultBytes + 256;

    [Theory]
    [InlineData(1, 0.95 * 0.765)]
    [InlineData(7, 0.95 * 0.765)]
    public void ATenthOfTheRoomGivesNearlyAllHitsThatAreToBeHad(int seed, double least) => Assert.InRange(Measure(Keys / 10, seed, scan: false), least, 1);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void AQuarterGivesFourOfFive(int seed) => Assert.InRange(Measure(Keys / 4, seed, scan: false), 0.8, 1);

    [Fact]
    public void AScanHardlyCosts() => Assert.InRange(Measure(Keys / 10, 1, scan: true), 0.95 * 0.765 - 0.02, 1);

    // Of the second half of all askings, without those of the scan.
    private static double Measure(int room, int seed, bool scan)
    {
        var cache = new ResultCache(new CacheOptions { MaxBytes = (long)room * EntryBytes, MaxResultBytes = ResultBytes }, TimeProvider.System);
        var group = new CacheGroup("tool", TimeSpan.FromHours(1));
        var result = new byte[ResultBytes];
        var random = new Random(seed);
        var sums = new double[Keys];
        for (var i = 0; i < Keys; i++)
        {
            sums[i] = (i == 0 ? 0 : sums[i - 1]) + (1.0 / (i + 1));
        }

        var (hits, counted) = (0, 0);
        for (var i = 0; i < Askings; i++)
        {
            var rank = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
            var hit = Ask(rank < 0 ? ~rank : rank);
            if (i >= Askings / 2)
            {
                counted++;
                hits += hit ? 1 : 0;
            }

            if (scan && i % 10 == 0)
            {
                Ask(Keys + i);
            }
        }

        return (double)hits / counted;

        bool Ask(int key)
        {
            var hash = new ArgumentHash([.. MemoryMarshal.AsBytes<ulong>([(ulong)key * 0x9E3779B97F4A7C15, (ulong)key, 0, 0])]);
            var lookup = cache.Look(new CacheKey(group, hash, null, 0), [], "tool");
            if (lookup.Answer == CacheAnswer.Lead)
            {
                cache.Complete(lookup.Fill!, result, storable: true);
            }

            return lookup.Answer == CacheAnswer.Hit;
        }
    }
}
