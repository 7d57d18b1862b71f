using System.Globalization;
using System.Text;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;

namespace Peregrine.Bench.Micro.Caching;

/// <summary>A cache with room for so many of its keys. A miss makes the result.</summary>
internal sealed class ZipfCache
{
    private const int ResultBytes = 100;
    private const int EntryBytes = ResultBytes + 256;

    private static readonly CacheGroup Group = new("tool", TimeSpan.FromHours(1));

    private readonly ResultCache _cache;
    private readonly byte[] _result = new byte[ResultBytes];
    private readonly CacheKey[] _keys;

    internal ZipfCache(int room, int keys)
    {
        _cache = new ResultCache(new CacheOptions { MaxBytes = (long)room * EntryBytes, MaxResultBytes = ResultBytes }, TimeProvider.System);
        _keys = [.. Enumerable.Range(0, keys).Select(KeyOf)];
    }

    internal static CacheKey KeyOf(int key) =>
        new(Group, ArgumentHash.Of(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"key\":{key}}}"))), null, 0);

    /// <summary>Asks for a key; true for a hit.</summary>
    internal bool Ask(int key)
    {
        var lookup = _cache.Look(_keys[key], [], "tool");
        if (lookup.Answer == CacheAnswer.Lead)
        {
            _cache.Complete(lookup.Fill!, _result, storable: true);
        }

        return lookup.Answer == CacheAnswer.Hit;
    }
}
