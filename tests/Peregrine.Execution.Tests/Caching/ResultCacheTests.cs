using System.Text;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Switches;

namespace Peregrine.Execution.Tests.Caching;

public sealed class ResultCacheTests
{
    private readonly ManualTime _time = new();
    private readonly CacheGroup _group = new("tool", TimeSpan.FromSeconds(10));

    [Fact]
    public void AResultIsServedUntilItsTimeIsOver()
    {
        var cache = Cache();
        Make(cache, "a", "1");

        _time.Advance(TimeSpan.FromSeconds(9));
        var hit = Look(cache, "a");
        Assert.Equal((CacheAnswer.Hit, "1", TimeSpan.FromSeconds(1)), (hit.Answer, Text(hit.Result), hit.Left));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CacheAnswer.Lead, Look(cache, "a").Answer);
        Assert.Equal(1, cache.Statistics.Expired);
    }

    [Fact]
    public void AResultCanHaveATimeOfItsOwn()
    {
        var cache = Cache();
        cache.Complete(Look(cache, "a").Fill!, "1"u8.ToArray(), storable: true, timeToLive: TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), Look(cache, "a").Left);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(CacheAnswer.Lead, Look(cache, "a").Answer);
    }

    [Fact]
    public async Task AResultWithoutTimeIsGivenToThoseWhoWaitAndTakesThePlaceOfAnOldOne()
    {
        var group = new CacheGroup("tool", TimeSpan.FromSeconds(10), staleIfError: TimeSpan.FromSeconds(60));
        var (cache, key) = (Cache(), new CacheKey(group, ArgumentHash.Of("{}"u8), null, 0));
        cache.Complete(cache.Look(key, [], "tool").Fill!, "old"u8.ToArray(), storable: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        var lead = cache.Look(key, [], "tool");
        var follower = cache.Look(key, [], "tool");

        cache.Complete(lead.Fill!, "new"u8.ToArray(), storable: true, timeToLive: TimeSpan.Zero);

        var outcome = await follower.Fill!.Outcome;
        Assert.Equal(("new", false, false), (Text(outcome.Result), outcome.IsStored, outcome.IsStale));
        Assert.Equal((0, 1L, 1L, 1L), (cache.Statistics.Entries, cache.Statistics.Stored, cache.Statistics.Replaced, cache.Statistics.NotStored));
    }

    [Fact]
    public void EveryPartOfTheKeyCounts()
    {
        var cache = Cache();
        var arguments = ArgumentHash.Of("{}"u8);
        CacheKey[] keys =
        [
            new(_group, arguments, null, 0),
            new(_group, arguments, "", 0),
            new(_group, arguments, "ann", 0),
            new(_group, arguments, null, 1),
            new(_group, ArgumentHash.Of("{\"a\":1}"u8), null, 0),
            new(new CacheGroup("tool", TimeSpan.FromSeconds(10)), arguments, null, 0),
        ];

        foreach (var key in keys)
        {
            var lookup = cache.Look(key, [], "tool");
            Assert.Equal(CacheAnswer.Lead, lookup.Answer);
            cache.Complete(lookup.Fill!, [1], storable: true);
        }

        Assert.Equal(keys.Length, cache.Statistics.Entries);
    }

    [Fact]
    public async Task WhoAsksMeanwhileWaits()
    {
        var cache = Cache();
        var lead = Look(cache, "a");
        CacheLookup[] followers = [.. Enumerable.Range(0, 10).Select(_ => Look(cache, "a"))];
        Assert.All(followers, static one => Assert.Equal(CacheAnswer.Follow, one.Answer));

        cache.Complete(lead.Fill!, "1"u8.ToArray(), storable: true);

        foreach (var follower in followers)
        {
            var outcome = await follower.Fill!.Outcome;
            Assert.Equal(("1", true, TimeSpan.FromSeconds(10)), (Text(outcome.Result), outcome.IsStored, outcome.Left));
        }

        Assert.Equal((1L, 10L, 0L), (cache.Statistics.Misses, cache.Statistics.Coalesced, cache.Statistics.Hits));
    }

    [Fact]
    public async Task AFailureIsSharedAndNotKept()
    {
        var cache = Cache();
        var lead = Look(cache, "a");
        var follower = Look(cache, "a");

        cache.Complete(lead.Fill!, "bad"u8.ToArray(), storable: false, code: 7);

        Assert.Equal(("bad", 7), (Text((await follower.Fill!.Outcome).Result), (await follower.Fill!.Outcome).Code));
        Assert.Equal(CacheAnswer.Lead, Look(cache, "a").Answer);
    }

    [Fact]
    public async Task AnOldResultIsBetterThanAFailure()
    {
        var group = new CacheGroup("tool", TimeSpan.FromSeconds(10), staleIfError: TimeSpan.FromSeconds(30));
        var cache = Cache();
        Make(cache, "a", "old", group);
        _time.Advance(TimeSpan.FromSeconds(20));

        var lead = Look(cache, "a", group);
        cache.Complete(lead.Fill!, "bad"u8.ToArray(), storable: false, code: 7);
        var outcome = await lead.Fill!.Outcome;
        Assert.Equal(("old", true, 0, TimeSpan.Zero), (Text(outcome.Result), outcome.IsStale, outcome.Code, outcome.Left));

        _time.Advance(TimeSpan.FromSeconds(21));
        lead = Look(cache, "a", group);
        cache.Complete(lead.Fill!, "bad"u8.ToArray(), storable: false, code: 7);
        Assert.Equal("bad", Text((await lead.Fill!.Outcome).Result));
    }

    [Fact]
    public async Task WhatWasInvalidatedIsNotServedInPlaceOfAFailure()
    {
        var group = new CacheGroup("tool", TimeSpan.FromSeconds(10), staleIfError: TimeSpan.FromSeconds(30));
        var cache = Cache();
        Make(cache, "a", "old", group, "t");
        _time.Advance(TimeSpan.FromSeconds(20));
        var lead = Look(cache, "a", group, "t");

        await cache.InvalidateByTagsAsync(["t"]);
        cache.Complete(lead.Fill!, "bad"u8.ToArray(), storable: false, code: 7);

        Assert.Equal("bad", Text((await lead.Fill!.Outcome).Result));
    }

    [Fact]
    public async Task AFillThatBeganBeforeAnInvalidationIsNeitherStoredNorJoined()
    {
        var cache = Cache();
        var before = Look(cache, "a", tags: "t");

        await cache.InvalidateByTagsAsync(["t"]);

        var after = Look(cache, "a", tags: "t");
        Assert.Equal(CacheAnswer.Lead, after.Answer);
        cache.Complete(before.Fill!, "old"u8.ToArray(), storable: true);
        Assert.Equal(CacheAnswer.Follow, Look(cache, "a", tags: "t").Answer);
        cache.Complete(after.Fill!, "new"u8.ToArray(), storable: true);
        Assert.Equal("new", Text(Look(cache, "a", tags: "t").Result));
        Assert.Equal(1, cache.Statistics.Doomed);
    }

    [Fact]
    public async Task WhatIsClearedIsGone()
    {
        var cache = Cache();
        foreach (var label in (string[])["files/a", "files/b", "mail"])
        {
            var lookup = cache.Look(Key(label), [label[..1]], label);
            cache.Complete(lookup.Fill!, [1], storable: true);
        }

        Assert.Equal(0, await cache.ClearAsync(new CacheSelection { Name = "files" }));
        Assert.Equal(1, await cache.ClearAsync(new CacheSelection { Tag = "m" }));
        Assert.Equal(1, await cache.ClearAsync(new CacheSelection { Name = "files/a", Tag = "f" }));
        Assert.Equal(1, await cache.ClearAsync(new CacheSelection { Prefix = "files/" }));
        Assert.Equal((0, 3L, 0L), (cache.Statistics.Entries, cache.Statistics.Cleared, cache.Bytes));
    }

    [Fact]
    public async Task ObserversAreTold()
    {
        var cache = Cache();
        Make(cache, "a", "1", tags: "t");
        Look(cache, "b", tags: "t");
        List<CacheEvent> told = [];
        var subscription = cache.Subscribe(told.Add);

        await cache.InvalidateByTagsAsync(["t", "unknown"]);
        subscription.Dispose();
        await cache.InvalidateByTagsAsync(["t"]);

        var one = Assert.Single(told);
        Assert.Equal((CacheEventKind.Invalidated, "t,unknown", 1, 1), (one.Kind, string.Join(',', one.Tags), one.Entries, one.Fills));
    }

    [Fact]
    public void TheRunEndsWhenEverybodyHasGone()
    {
        var cache = Cache();
        var lead = Look(cache, "a").Fill!;
        var follower = Look(cache, "a").Fill!;
        var ended = 0;
        lead.OnAbandoned(() => ended++);

        lead.Leave();
        Assert.Equal(0, ended);
        follower.Leave();
        Assert.Equal(1, ended);

        // What is being cancelled is nobody's any more.
        Assert.Equal(CacheAnswer.Lead, Look(cache, "a").Answer);
    }

    [Fact]
    public void ItCanBeTurnedOff()
    {
        var isOn = new RuntimeSwitch("cache", "c");
        var cache = new ResultCache(CacheOptions.Default, _time, isOn);
        Make(cache, "a", "1");
        var filling = Look(cache, "b");

        isOn.TurnOff();

        Assert.False(cache.TryUse(bypass: false));
        Assert.Equal(0, cache.Statistics.Entries);
        cache.Complete(filling.Fill!, [1], storable: true);
        Assert.Equal(0, cache.Statistics.Entries);
        isOn.TurnOn();
        Assert.True(cache.TryUse(bypass: false));
        Assert.False(cache.TryUse(bypass: true));
        Assert.Equal(2, cache.Statistics.Bypassed);
    }

    [Fact]
    public void TheBudgetIsKept()
    {
        var cache = Cache(new CacheOptions { MaxBytes = 10_000, MaxResultBytes = 5_000 });
        Make(cache, "large", new string('x', 5_001));
        Assert.Equal(0, cache.Statistics.Entries);

        for (var i = 0; i < 1000; i++)
        {
            Make(cache, $"k{i}", new string('x', i % 700));
            Assert.InRange(cache.Bytes, 0, 10_000);
        }

        Assert.True(cache.Statistics.Entries > 5);
        cache.Shrink(1_000);
        Assert.InRange(cache.Bytes, 0, 1_000);
        cache.Restore();
        Assert.Equal(10_000, cache.Statistics.MaxBytes);
    }

    private ResultCache Cache(CacheOptions? options = null) => new(options ?? CacheOptions.Default, _time);

    private CacheKey Key(string name, CacheGroup? group = null) => new(group ?? _group, ArgumentHash.Of(Encoding.UTF8.GetBytes($"\"{name}\"")), null, 0);

    private CacheLookup Look(ResultCache cache, string name, CacheGroup? group = null, params string[] tags) => cache.Look(Key(name, group), tags, "tool");

    private void Make(ResultCache cache, string name, string result, CacheGroup? group = null, params string[] tags) =>
        cache.Complete(Look(cache, name, group, tags).Fill!, Encoding.UTF8.GetBytes(result), storable: true);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
