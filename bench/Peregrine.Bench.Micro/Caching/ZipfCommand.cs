using System.Diagnostics;
using System.Globalization;

namespace Peregrine.Bench.Micro.Caching;

/// <summary>
/// How many of 2,000,000 askings for 10,000 keys (Zipf, exponent 1) are hits, with room for a tenth and for a quarter: of this cache, of one that throws out what was used least recently, and the
/// most there can be, which is to keep the keys asked for most. The second half of the askings counts.
/// </summary>
internal static class ZipfCommand
{
    private const int Keys = 10_000;
    private const int Askings = 2_000_000;

    internal static int Run()
    {
        var sums = new double[Keys];
        for (var i = 0; i < Keys; i++)
        {
            sums[i] = (i == 0 ? 0 : sums[i - 1]) + (1.0 / (i + 1));
        }

        var random = new Random(1);
        var askings = new int[Askings];
        for (var i = 0; i < Askings; i++)
        {
            var rank = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
            askings[i] = rank < 0 ? ~rank : rank;
        }

        Console.WriteLine($"Zipf(1.0), {Keys:N0} keys, {Askings:N0} askings");
        foreach (var room in (int[])[Keys / 10, Keys / 4])
        {
            var cache = new ZipfCache(room, Keys);
            var clock = Stopwatch.StartNew();
            var hits = HitsOf(askings, cache.Ask);
            var each = clock.Elapsed.TotalNanoseconds / Askings;
            var lru = HitsOf(askings, new LeastRecentlyUsed(room).Ask);
            var most = sums[room - 1] / sums[^1];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"room for {room,5}: hits {hits:P1}, least recently used {lru:P1}, optimum {most:P1}, of the optimum {hits / most:P1}, {each:F0} ns an asking"));
        }

        return 0;
    }

    private static double HitsOf(int[] askings, Func<int, bool> ask)
    {
        var hits = 0;
        for (var i = 0; i < askings.Length; i++)
        {
            if (ask(askings[i]) && i >= askings.Length / 2)
            {
                hits++;
            }
        }

        return hits / (askings.Length / 2.0);
    }

    private sealed class LeastRecentlyUsed(int room)
    {
        private readonly LinkedList<int> _order = new();
        private readonly Dictionary<int, LinkedListNode<int>> _places = [];

        internal bool Ask(int key)
        {
            if (_places.TryGetValue(key, out var place))
            {
                _order.Remove(place);
                _order.AddFirst(place);
                return true;
            }

            if (_places.Count == room)
            {
                _places.Remove(_order.Last!.Value);
                _order.RemoveLast();
            }

            _places.Add(key, _order.AddFirst(key));
            return false;
        }
    }
}
