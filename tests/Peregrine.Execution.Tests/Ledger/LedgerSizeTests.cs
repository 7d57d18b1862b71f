using System.Buffers;
using System.Text;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;

namespace Peregrine.Execution.Tests.Ledger;

/// <summary>What 60,000 keys cost: an hour at a thousand calls a minute. In a collection of its own: it counts the bytes of the whole process.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class LedgerSizeTests
{
    private const int Keys = 60_000;
    private const long Bound = 60_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SixtyThousandKeysTakeAtMost60Megabytes(bool journal)
    {
        // As long as most results are.
        var result = new ReadOnlySequence<byte>(new byte[512]);
        var folder = Path.Combine(Path.GetTempPath(), "peregrine-size-" + Guid.NewGuid().ToString("N"));
        await using var stores = journal ? JournalStores.Open(new JournalOptions { Folder = folder }) : null;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ledger = stores?.Ledger ?? new MemoryCallLedger();
        for (var i = 0; i < Keys; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(i, 100).Select(async number =>
            {
                var key = CallKey.Of("p", "t"u8, Encoding.UTF8.GetBytes($"{number}"));
                var answer = await ledger.BeginAsync(key, new LedgerClaim { Arguments = ArgumentHash.Of(default), Lease = Timeout.InfiniteTimeSpan, Window = TimeSpan.FromHours(1) }, default);
                await ledger.CompleteAsync(key, answer.Fence, result, isFinal: true, default);
            }));
        }

        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{Keys} keys with results of 512 bytes: {taken / 1_000_000.0:F1} MB, {taken / Keys} bytes each");
        Assert.InRange(taken, Keys * 512, Bound);
        GC.KeepAlive(ledger);
        if (stores is not null)
        {
            await stores.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
