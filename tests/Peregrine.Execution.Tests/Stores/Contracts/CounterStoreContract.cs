using Peregrine.Execution.Stores;

namespace Peregrine.Execution.Tests.Stores.Contracts;

/// <summary>What every counter store does. One derived class a kind of store.</summary>
public abstract class CounterStoreContract
{
    private static readonly CounterLimit Limit = new(Capacity: 10, PerSecond: 2);

    protected abstract StoresUnderTest Open();

    [Fact]
    public async Task A_bucket_gives_what_it_has_and_fills_again()
    {
        await using var stores = Open();
        var counters = stores.Counters;

        Assert.Equal(new CounterAnswer(IsTaken: true, 4, TimeSpan.Zero), await counters.TakeAsync("a", 6, Limit, default));
        Assert.Equal(new CounterAnswer(IsTaken: false, 4, TimeSpan.FromSeconds(1)), await counters.TakeAsync("a", 6, Limit, default));
        Assert.Equal(10, (await counters.TakeAsync("b", 0, Limit, default)).Left);
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new CounterAnswer(IsTaken: true, 0, TimeSpan.Zero), await counters.TakeAsync("a", 6, Limit, default));
        stores.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(10, (await counters.TakeAsync("a", 0, Limit, default)).Left);
        Assert.Equal(TimeSpan.MaxValue, (await counters.TakeAsync("a", 11, Limit, default)).RetryAfter);
    }

    [Fact]
    public async Task Many_at_once_never_take_more_than_there_is()
    {
        await using var stores = Open();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => stores.Counters.TakeAsync("a", 1, Limit, default).AsTask()));

        Assert.Equal(10, answers.Count(static answer => answer.IsTaken));
    }

    [Fact]
    public async Task What_is_no_bucket_is_refused()
    {
        await using var stores = Open();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await stores.Counters.TakeAsync("", 1, Limit, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await stores.Counters.TakeAsync("a", -1, Limit, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await stores.Counters.TakeAsync("a", 1, new CounterLimit(0, 1), default));
    }
}
