namespace Peregrine.Execution.Tests.Stores.Contracts;

/// <summary>What every record store does. One derived class a kind of store.</summary>
public abstract class RecordStoreContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected abstract StoresUnderTest Open();

    [Fact]
    public async Task A_record_is_changed_only_by_who_knows_its_version()
    {
        await using var stores = Open();
        var records = stores.Records;

        Assert.Null(await records.ReadAsync("a", default));
        Assert.Equal(0, await records.WriteAsync("a", 7, StoresUnderTest.Bytes("x"), Hour, default));
        var first = await records.WriteAsync("a", 0, StoresUnderTest.Bytes("one"), Hour, default);
        Assert.Equal(0, await records.WriteAsync("a", 0, StoresUnderTest.Bytes("other"), Hour, default));
        var second = await records.WriteAsync("a", first, StoresUnderTest.Bytes("two"), Hour, default);

        Assert.True(first > 0 && second > 0 && first != second);
        Assert.Equal(0, await records.WriteAsync("a", first, StoresUnderTest.Bytes("late"), Hour, default));
        var read = await records.ReadAsync("a", default);
        Assert.Equal((second, "two"), (read!.Value.Version, StoresUnderTest.Text(read.Value.Value)));
        Assert.False(await records.DeleteAsync("a", first, default));
        Assert.True(await records.DeleteAsync("a", second, default));
        Assert.False(await records.DeleteAsync("a", second, default));
        Assert.Null(await records.ReadAsync("a", default));
        Assert.True(await records.WriteAsync("a", 0, StoresUnderTest.Bytes("new"), Hour, default) > second);
    }

    [Fact]
    public async Task A_record_is_forgotten_when_its_time_is_over()
    {
        await using var stores = Open();
        await stores.Records.WriteAsync("a", 0, StoresUnderTest.Bytes("x"), TimeSpan.FromMinutes(1), default);
        stores.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await stores.Records.ReadAsync("a", default));
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await stores.Records.ReadAsync("a", default));
        Assert.True(await stores.Records.WriteAsync("a", 0, StoresUnderTest.Bytes("y"), TimeSpan.FromMinutes(1), default) > 0);
    }

    [Fact]
    public async Task Of_many_at_once_one_writes()
    {
        await using var stores = Open();
        for (var round = 0; round < 20; round++)
        {
            var name = $"r{round}";
            var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => stores.Records.WriteAsync(name, 0, StoresUnderTest.Bytes($"{i}"), Hour, default).AsTask()));
            Assert.Single(versions, static version => version != 0);
        }
    }

    [Fact]
    public async Task After_a_restart_it_has_what_it_says_it_has()
    {
        await using var stores = Open();
        var kept = await stores.Records.WriteAsync("kept", 0, StoresUnderTest.Bytes("k"), Hour, default);
        var gone = await stores.Records.WriteAsync("gone", 0, StoresUnderTest.Bytes("g"), Hour, default);
        await stores.Records.DeleteAsync("gone", gone, default);

        await stores.RestartAsync();

        Assert.Equal(stores.Survives ? kept : null, (await stores.Records.ReadAsync("kept", default))?.Version);
        Assert.Null(await stores.Records.ReadAsync("gone", default));
    }

    [Fact]
    public async Task What_is_no_name_is_refused()
    {
        await using var stores = Open();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await stores.Records.ReadAsync("", default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await stores.Records.WriteAsync(new string('x', 1025), 0, default, Hour, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await stores.Records.WriteAsync("x", 0, default, TimeSpan.Zero, default));
    }
}
