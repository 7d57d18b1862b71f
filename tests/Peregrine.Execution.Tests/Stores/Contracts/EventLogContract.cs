namespace Peregrine.Execution.Tests.Stores.Contracts;

/// <summary>What every event log does. One derived class a kind of store.</summary>
public abstract class EventLogContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected abstract StoresUnderTest Open();

    [Fact]
    public async Task Events_have_numbers_in_a_row_and_are_read_from_any_of_them_on()
    {
        await using var stores = Open();
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(i, await stores.Events.AppendAsync("s", StoresUnderTest.Bytes($"e{i}"), Hour, default));
        }

        Assert.Equal(1, await stores.Events.AppendAsync("t", StoresUnderTest.Bytes("x"), Hour, default));
        Assert.Equal(["1 e1", "2 e2", "3 e3", "4 e4", "5 e5"], await ReadAsync(stores, "s", 0));
        Assert.Equal(["4 e4", "5 e5"], await ReadAsync(stores, "s", 3));
        Assert.Equal(["2 e2", "3 e3"], await ReadAsync(stores, "s", 1, limit: 2));
        Assert.Empty(await ReadAsync(stores, "s", 5));
        Assert.Empty(await ReadAsync(stores, "nothing", 0));
    }

    [Fact]
    public async Task Who_asks_for_forgotten_events_is_told()
    {
        await using var stores = Open();
        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("old"), TimeSpan.FromMinutes(1), default);
        stores.Time.Advance(TimeSpan.FromMinutes(1));
        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("new"), Hour, default);

        Assert.True((await stores.Events.ReadAsync("s", 0, 10, default)).IsGap);
        Assert.False((await stores.Events.ReadAsync("s", 1, 10, default)).IsGap);
        Assert.Equal(["2 new"], await ReadAsync(stores, "s", 0));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_the_event_it_waits_for()
    {
        await using var stores = Open();
        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("1"), Hour, default);
        await stores.Events.WaitAsync("s", 0, default);
        var second = stores.Events.WaitAsync("s", 1, default).AsTask();
        var third = stores.Events.WaitAsync("s", 2, default).AsTask();
        using var source = new CancellationTokenSource();
        var cancelled = stores.Events.WaitAsync("s", 1, source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(TimeSpan.FromSeconds(60)));

        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("2"), Hour, default);
        await second.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(third.IsCompleted);
        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("3"), Hour, default);
        await third.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Events_of_many_writers_are_all_there_in_one_order()
    {
        await using var stores = Open();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => stores.Events.AppendAsync("s", StoresUnderTest.Bytes($"{i}"), Hour, default).AsTask()));

        Assert.Equal(Enumerable.Range(1, 200).Select(static i => (long)i), numbers.Order());
        Assert.Equal(200, (await stores.Events.ReadAsync("s", 0, 1000, default)).Events.Count);
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_counting()
    {
        await using var stores = Open();
        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("1"), Hour, default);
        await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("2"), TimeSpan.FromMinutes(1), default);

        await stores.RestartAsync();

        Assert.Equal(stores.Survives ? 3 : 1, await stores.Events.AppendAsync("s", StoresUnderTest.Bytes("3"), Hour, default));
        Assert.Equal(stores.Survives ? ["1 1", "2 2", "3 3"] : ["1 3"], await ReadAsync(stores, "s", 0));
    }

    private static async Task<string[]> ReadAsync(StoresUnderTest stores, string stream, long after, int limit = 100) =>
        [.. (await stores.Events.ReadAsync(stream, after, limit, default)).Events.Select(static e => $"{e.Number} {StoresUnderTest.Text(e.Value)}")];
}
