using System.Text;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Journal;

/// <summary>A disk that is full, or fails.</summary>
public sealed class JournalFailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AFullDiskRefusesNewKeysAndTellsNoResultThatItDoesNotHave()
    {
        var files = new SimpleFiles();
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Os, files);
        var begun = await BeginAsync(stores, 1);
        files.Room = 100;

        Assert.Equal(LedgerStatus.Full, (await BeginAsync(stores, 2)).Status);
        Assert.True(stores.Stores.IsFailing);

        // The call has run. Nobody is told what it returned, for whoever asks after a restart could not be told the same.
        await Assert.ThrowsAsync<IOException>(async () => await stores.Ledger.CompleteAsync(Key(1), begun.Fence, StoresUnderTest.Bytes("done"), isFinal: true, default));
        Assert.Equal(LedgerStatus.InFlight, (await BeginAsync(stores, 1)).Status);
        var twin = stores.Ledger.WaitAsync(Key(1), default).AsTask();
        Assert.Equal(LedgerStatus.Full, (await BeginAsync(stores, 3)).Status);
        await Assert.ThrowsAsync<IOException>(async () => await stores.Records.WriteAsync("r", 0, StoresUnderTest.Bytes("x"), TimeSpan.FromHours(1), default));

        files.Room = long.MaxValue;
        Assert.Equal(LedgerStatus.Full, (await BeginAsync(stores, 3)).Status);
        Assert.False(twin.IsCompleted);

        // It is tried again without anybody who comes with something new.
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("done", StoresUnderTest.Text((await twin.WaitAsync(Patience)).Result));
        var third = await BeginAsync(stores, 3);
        Assert.Equal(LedgerStatus.Started, third.Status);
        Assert.False(stores.Stores.IsFailing);
        await stores.Ledger.CompleteAsync(Key(3), third.Fence, StoresUnderTest.Bytes("third"), isFinal: true, default);

        await stores.RestartAsync();
        Assert.False(stores.Stores.WasDamaged);
        Assert.Equal("done", StoresUnderTest.Text((await BeginAsync(stores, 1)).Result));
        Assert.Equal(LedgerStatus.Started, (await BeginAsync(stores, 2)).Status);
        Assert.Equal("third", StoresUnderTest.Text((await BeginAsync(stores, 3)).Result));
    }

    [Fact]
    public async Task WhatTheDiskMayHaveLostIsWrittenOnceMore()
    {
        var files = new SimpleFiles();
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Disk, files);
        var begun = await BeginAsync(stores, 1);
        files.FlushFails = true;
        await Assert.ThrowsAsync<IOException>(async () => await stores.Ledger.CompleteAsync(Key(1), begun.Fence, StoresUnderTest.Bytes("done"), isFinal: true, default));
        Assert.Equal(LedgerStatus.Full, (await BeginAsync(stores, 2)).Status);
        files.FlushFails = false;
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LedgerStatus.Started, (await BeginAsync(stores, 2)).Status);

        await stores.RestartAsync();
        Assert.Equal(LedgerStatus.Completed, (await BeginAsync(stores, 1)).Status);
        Assert.Equal(LedgerStatus.Unknown, (await BeginAsync(stores, 2)).Status);
    }

    [Fact]
    public async Task AResultThatWasNotWrittenIsUnknownAfterTheEndOfTheProcess()
    {
        var files = new SimpleFiles();
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Os, files);
        var begun = await BeginAsync(stores, 1);
        files.Room = 0;
        await Assert.ThrowsAsync<IOException>(async () => await stores.Ledger.CompleteAsync(Key(1), begun.Fence, StoresUnderTest.Bytes("done"), isFinal: true, default));

        await stores.RestartAsync();

        Assert.Equal(LedgerStatus.Unknown, (await BeginAsync(stores, 1)).Status);
    }

    [Fact]
    public async Task AnUnknownCallThatCannotBeTakenStaysUnknown()
    {
        var files = new SimpleFiles();
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Os, files);
        var begun = await BeginAsync(stores, 1);
        await stores.Ledger.AbandonAsync(Key(1), begun.Fence, mayHaveRun: true, default);
        files.Room = 0;

        Assert.Equal(LedgerStatus.Full, (await stores.Ledger.BeginAsync(Key(1), Claim with { TakesUnknown = true }, default)).Status);

        Assert.Equal(LedgerStatus.Unknown, (await BeginAsync(stores, 1)).Status);
    }

    [Fact]
    public async Task AFullLedgerRefusesUntilKeysExpire()
    {
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Os, new SimpleFiles(), static options => options with { Ledger = new LedgerLimits { MaxKeys = 2 } });
        var first = await BeginAsync(stores, 1);
        await BeginAsync(stores, 2);
        Assert.Equal(LedgerStatus.Full, (await BeginAsync(stores, 3)).Status);
        await stores.Ledger.CompleteAsync(Key(1), first.Fence, StoresUnderTest.Bytes("r"), isFinal: true, default);
        Assert.Equal(LedgerStatus.Full, (await BeginAsync(stores, 3)).Status);
        stores.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(LedgerStatus.Started, (await BeginAsync(stores, 3)).Status);
    }

    [Fact]
    public async Task OneProcessHasAFolder()
    {
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Os);
        Assert.Throws<IOException>(() => JournalStores.Open(new JournalOptions { Folder = stores.Folder }));
    }

    [Fact]
    public void EveryFaultOfTheOptionsIsNamed()
    {
        var faulty = new JournalOptions
        {
            Folder = " ",
            Policy = (JournalPolicy)9,
            SegmentBytes = 1,
            RetryAfter = TimeSpan.FromSeconds(-1),
            Ledger = new LedgerLimits { MaxKeys = 0, MaxBytes = 0 },
        };
        var exception = Assert.Throws<ArgumentException>(() => JournalStores.Open(faulty));
        foreach (var name in (string[])["Folder", "Policy", "SegmentBytes", "RetryAfter", "MaxKeys", "MaxBytes"])
        {
            Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ManyAtOnceShareTheirFlushes()
    {
        var files = new SimpleFiles();
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Disk, files);
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => BeginAsync(stores, i).AsTask()));
        Assert.InRange(files.Flushes, 1, 1000);
    }

    private static readonly LedgerClaim Claim = new() { Arguments = ArgumentHash.Of(default), Lease = Timeout.InfiniteTimeSpan, Window = TimeSpan.FromMinutes(5) };

    private static CallKey Key(int number) => CallKey.Of("p", "t"u8, Encoding.UTF8.GetBytes($"{number}"));

    private static ValueTask<LedgerAnswer> BeginAsync(JournalStoresUnderTest stores, int call) => stores.Ledger.BeginAsync(Key(call), Claim, default);
}
