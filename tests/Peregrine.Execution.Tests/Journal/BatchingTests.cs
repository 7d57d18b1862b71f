using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Journal;

/// <summary>
/// Keyed calls share writes and flushes: a batch is what has gathered while the one before it was written. The first three have the names that the plan of the sources gives them.
/// </summary>
public sealed class BatchingTests
{
    private static readonly LedgerClaim Claim = new() { Arguments = ArgumentHash.Of(default), Lease = Timeout.InfiniteTimeSpan, Window = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task test_batch_size_optimization()
    {
        await using var gated = new GatedJournal();

        // Whatever is in flight while one flush lasts goes into the next one; no size is configured, and none is waited for.
        foreach (var inFlight in (int[])[1, 8, 64, 500])
        {
            var first = gated.Begin();
            await gated.FlushBegunAsync();
            var others = Enumerable.Range(0, inFlight).Select(_ => gated.Begin()).ToArray();
            var before = gated.Flushes;
            gated.Release();
            Assert.Equal(LedgerStatus.Started, (await first).Status);
            await gated.FlushBegunAsync();
            gated.Release();
            Assert.All(await Task.WhenAll(others), static answer => Assert.Equal(LedgerStatus.Started, answer.Status));
            Assert.Equal(before + 1, gated.Flushes);
        }
    }

    [Fact]
    public async Task test_parallel_batch_execution()
    {
        await using var stores = new JournalStoresUnderTest(JournalPolicy.Disk, new SimpleFiles());

        // All at once, each key twice; every second call fails in its way and gives its key back.
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(async i =>
        {
            var answer = await stores.Ledger.BeginAsync(Key(i / 2), Claim, default);
            if (answer.Status != LedgerStatus.Started)
            {
                return (await stores.Ledger.WaitAsync(Key(i / 2), default)).Status;
            }

            Assert.True((i / 2) % 2 == 0
                ? await stores.Ledger.CompleteAsync(Key(i / 2), answer.Fence, StoresUnderTest.Bytes($"{i / 2}"), isFinal: true, default)
                : await stores.Ledger.AbandonAsync(Key(i / 2), answer.Fence, mayHaveRun: true, default));
            return LedgerStatus.Started;
        }));

        Assert.Equal(200, answers.Count(static status => status == LedgerStatus.Started));
        Assert.Equal(100, answers.Count(static status => status == LedgerStatus.Completed));
        Assert.Equal(100, answers.Count(static status => status == LedgerStatus.Unknown));
        for (var i = 0; i < 200; i++)
        {
            var answer = await stores.Ledger.BeginAsync(Key(i), Claim, default);
            Assert.Equal(i % 2 == 0 ? $"{i}" : "", StoresUnderTest.Text(answer.Result));
        }
    }

    [Fact]
    public async Task test_adaptive_batching()
    {
        await using var gated = new GatedJournal();

        // Alone, a call waits for nobody; then it is crowded, and then quiet again.
        Assert.Equal(1, await gated.BatchOfAsync(1));
        Assert.Equal(200, await gated.BatchOfAsync(200));
        Assert.Equal(1, await gated.BatchOfAsync(1));
    }

    private static CallKey Key(int number) => CallKey.Of("p", "t"u8, Encoding.UTF8.GetBytes($"{number}"));

    /// <summary>A journal each of whose flushes waits until it is let through.</summary>
    private sealed class GatedJournal : IAsyncDisposable, IJournalFiles
    {
        private readonly SimpleFiles _files = new();
        private readonly SemaphoreSlim _begun = new(0);
        private readonly SemaphoreSlim _released = new(0);
        private readonly JournalStores _stores;
        private int _next;
        private volatile bool _open = true;

        internal GatedJournal()
        {
            _stores = JournalStores.Open(this, new JournalOptions { Folder = "gated", Policy = JournalPolicy.Disk }, Peregrine.Observability.Scheduling.ThreadPoolScheduler.Instance,
                TimeProvider.System, NullLogger.Instance, static () => "epoch");
            Begin().GetAwaiter().GetResult();
            _open = false;
        }

        internal int Flushes { get; private set; }

        public string MachineStart => "";

        internal async Task<LedgerAnswer> Begin() => await _stores.Ledger.BeginAsync(Key(++_next), Claim, default);

        internal Task FlushBegunAsync() => _begun.WaitAsync(TimeSpan.FromSeconds(60));

        internal void Release() => _released.Release();

        internal async Task<int> BatchOfAsync(int inFlight)
        {
            var first = Begin();
            await FlushBegunAsync();
            var others = Enumerable.Range(0, inFlight).Select(_ => Begin()).ToArray();
            Release();
            await first;
            await FlushBegunAsync();
            Assert.All(others, static other => Assert.False(other.IsCompleted));
            Release();
            await Task.WhenAll(others);
            return others.Length;
        }

        public IReadOnlyList<string> List() => _files.List();

        public byte[] Read(string name) => _files.Read(name);

        public void Sync(string name) => _files.Sync(name);

        public IJournalFile Create(string name, bool durable) => new GatedFile(this, _files.Create(name, durable));

        public void Delete(string name) => _files.Delete(name);

        public void Dispose()
        {
        }

        public async ValueTask DisposeAsync()
        {
            _open = true;
            await _stores.DisposeAsync();
            _begun.Dispose();
            _released.Dispose();
        }

        private sealed class GatedFile(GatedJournal journal, IJournalFile file) : IJournalFile
        {
            public void Append(ReadOnlySpan<byte> bytes) => file.Append(bytes);

            public void Flush()
            {
                if (!journal._open)
                {
                    journal.Flushes++;
                    journal._begun.Release();
                    journal._released.Wait();
                }
            }

            public void Dispose() => file.Dispose();
        }
    }
}
