using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Tests.Caching;

/// <summary>A cache with room for everything answers as a table would that has a time for each result and forgets what a tag marks.</summary>
public sealed class ResultCacheProperties
{
    private const int Keys = 6;

    [Fact]
    public void ItAnswersAsATableWould()
    {
        var steps = Gen.Zip(Gen.Choose(0, 9), Gen.Choose(0, Keys - 1)).ListOf().Select(static list => list.ToArray());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(150), Prop.ForAll(steps.ToArbitrary(), Run));
    }

    private static void Run((int Kind, int Which)[] steps)
    {
        var time = new ManualTime();
        var cache = new ResultCache(CacheOptions.Default, time);
        var group = new CacheGroup("tool", TimeSpan.FromSeconds(5));
        var table = new Dictionary<int, (int Value, int Until)>();
        var fills = new Dictionary<int, (CacheFill Fill, bool Doomed)>();
        var (now, value) = (0, 0);
        foreach (var (kind, which) in steps)
        {
            switch (kind)
            {
                case < 4:
                    Ask(which);
                    break;
                case < 6 when fills.Remove(which, out var made):
                    cache.Complete(made.Fill, BitConverter.GetBytes(++value), storable: kind == 4);
                    if (kind == 4 && !made.Doomed)
                    {
                        table[which] = (value, now + 5);
                    }

                    break;
                case 6:
                    cache.Invalidate([$"t{which % 2}"]);
                    Forget(key => key % 2 == which % 2);
                    break;
                case 7:
                    cache.ClearAsync(new CacheSelection { Name = $"k{which}" }).AsTask().GetAwaiter().GetResult();
                    Forget(key => key == which);
                    break;
                default:
                    time.Advance(TimeSpan.FromSeconds(1));
                    now++;
                    break;
            }
        }

        void Ask(int key)
        {
            var lookup = cache.Look(new CacheKey(group, ArgumentHash.Of(Encoding.UTF8.GetBytes($"{key}")), null, 0), [$"t{key % 2}"], $"k{key}");
            if (table.TryGetValue(key, out var known) && now < known.Until)
            {
                Assert.Equal((CacheAnswer.Hit, known.Value), (lookup.Answer, BitConverter.ToInt32(lookup.Result.Span)));
            }
            else if (fills.TryGetValue(key, out var making) && !making.Doomed)
            {
                Assert.Equal(CacheAnswer.Follow, lookup.Answer);
                Assert.Same(making.Fill, lookup.Fill);
            }
            else
            {
                Assert.Equal(CacheAnswer.Lead, lookup.Answer);
                if (fills.Remove(key, out var doomed))
                {
                    cache.Complete(doomed.Fill, BitConverter.GetBytes(++value), storable: true);
                }

                fills[key] = (lookup.Fill!, false);
            }
        }

        void Forget(Func<int, bool> which)
        {
            foreach (var key in Enumerable.Range(0, Keys).Where(which))
            {
                table.Remove(key);
                if (fills.TryGetValue(key, out var making))
                {
                    fills[key] = (making.Fill, true);
                }
            }
        }
    }
}
