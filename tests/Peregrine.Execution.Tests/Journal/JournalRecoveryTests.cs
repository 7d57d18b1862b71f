using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Tests.Stores.Contracts;

namespace Peregrine.Execution.Tests.Journal;

/// <summary>What is left of a journal after the process was killed at any byte, or any byte of it was damaged.</summary>
public sealed class JournalRecoveryTests
{
    private const int Calls = 12;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly ArgumentHash Arguments = ArgumentHash.Of("{}"u8);

    [Theory]
    [InlineData(JournalPolicy.Os)]
    [InlineData(JournalPolicy.Disk)]
    public async Task KilledAtAnyByteItKnowsEverythingThatCounted(JournalPolicy policy)
    {
        var (files, marks, epoch) = await WriteAsync(policy);
        var name = Assert.Single(files.Contents.Keys);
        var whole = files.Contents[name];
        for (var length = 0; length <= whole.Length; length++)
        {
            var cut = files.Copy();
            cut.Contents[name] = whole[..length];
            await using var stores = Open(cut, policy);

            for (var call = 0; call < Calls; call++)
            {
                var answer = await Ask(stores, call);
                var expected = length >= marks[call].Completed ? LedgerStatus.Completed : length >= marks[call].Begun ? LedgerStatus.Unknown : LedgerStatus.Expired;

                // A record may be whole before all of its batch is; then more is known than counted.
                Assert.True(answer.Status == expected || (answer.Status > LedgerStatus.InFlight && expected == LedgerStatus.Expired) || (answer.Status == LedgerStatus.Completed),
                    $"cut at {length}: call {call} is {answer.Status}, and should be {expected}");
                Assert.True(answer.Status != LedgerStatus.Completed || StoresUnderTest.Text(answer.Result) == $"result {call}");
            }

            // The end of a record that was being written is no damage. Without its first record nothing of the journal counted.
            Assert.True(!stores.WasDamaged || length == 0, $"cut at {length}");
            Assert.True(stores.Ledger.Epoch == epoch || length < marks[0].Begun, $"cut at {length}");
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0xFF)]
    public async Task WithAnyByteDamagedNoKeyIsTakenForANewOneUnderTheSameEpoch(byte change)
    {
        var (files, _, epoch) = await WriteAsync(JournalPolicy.Os);
        var name = Assert.Single(files.Contents.Keys);
        var whole = files.Contents[name];
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = files.Copy();
            damaged.Contents[name] = [.. whole];
            damaged.Contents[name][at] ^= change;
            await using var stores = Open(damaged, JournalPolicy.Os);

            Assert.True(stores.WasDamaged, $"byte {at}");
            Assert.NotEqual(epoch, stores.Ledger.Epoch);
            for (var call = 0; call < Calls; call++)
            {
                var answer = await Ask(stores, call);
                Assert.True(answer.Status is LedgerStatus.Completed or LedgerStatus.Unknown or LedgerStatus.Expired, $"byte {at}: call {call} is {answer.Status}");
                Assert.True(answer.Status != LedgerStatus.Completed || StoresUnderTest.Text(answer.Result) == $"result {call}", $"byte {at}");
            }
        }
    }

    [Fact]
    public async Task OfAPreparedFileWhatWasBeingWrittenIsNoDamageAndWhatCountedIs()
    {
        var (files, marks, epoch) = await WriteAsync(JournalPolicy.Disk);
        var name = Assert.Single(files.Contents.Keys);
        var whole = files.Contents[name];
        byte[] prepared = [.. whole, .. new byte[8 * 1024]];
        var lastBatch = (int)marks[^1].Begun;
        for (var at = 0; at < whole.Length; at++)
        {
            // The process was killed: what it had not yet written is zero.
            await CheckAsync([.. whole[..at], .. new byte[prepared.Length - at]], $"written up to {at}", isDamaged: false);

            // The power was lost: of the last batch any part may be missing. Where its end is there, it counted.
            byte[] hole = [.. prepared];
            hole.AsSpan(at, Math.Min(16, whole.Length - at)).Clear();
            var isTorn = at >= lastBatch && at + 16 > whole.Length - RecordFormat.HeaderLength;
            await CheckAsync(hole, $"hole at {at}", isDamaged: hole.AsSpan().SequenceEqual(prepared) ? false : isTorn ? null : true);
        }

        async Task CheckAsync(byte[] bytes, string what, bool? isDamaged)
        {
            var copy = files.Copy();
            copy.Contents[name] = bytes;
            await using var stores = Open(copy, JournalPolicy.Disk);
            Assert.True(isDamaged is null || stores.WasDamaged == isDamaged, $"{what}: damaged {stores.WasDamaged}");
            Assert.True(!stores.WasDamaged || stores.Ledger.Epoch != epoch, what);
        }
    }

    [Fact]
    public async Task ItGoesOnAfterDamageAndKeepsTheNewEpoch()
    {
        var (files, _, epoch) = await WriteAsync(JournalPolicy.Os);
        files.Contents[files.Contents.Keys.First()][100] ^= 0x40;
        string changed;
        await using (var stores = Open(files, JournalPolicy.Os))
        {
            changed = stores.Ledger.Epoch;
            await RunAsync(stores, 50);
        }

        await using var again = Open(files, JournalPolicy.Os);
        Assert.NotEqual(epoch, changed);
        Assert.Equal(changed, again.Ledger.Epoch);
        Assert.False(again.WasDamaged);
        Assert.Equal(LedgerStatus.Completed, (await Ask(again, 50)).Status);
    }

    [Theory]
    [InlineData(JournalPolicy.Os, true)]
    [InlineData(JournalPolicy.Disk, false)]
    public async Task AfterTheMachineHasStoppedOnlyWhatTheDiskHasCounts(JournalPolicy policy, bool isOther)
    {
        var (files, _, epoch) = await WriteAsync(policy);
        files.MachineStart = "start-2";

        await using var stores = Open(files, policy);

        Assert.Equal(isOther, epoch != stores.Ledger.Epoch);
        Assert.Equal(LedgerStatus.Completed, (await Ask(stores, 0)).Status);
    }

    [Fact]
    public async Task AMissingSegmentIsNoticed()
    {
        var files = new SimpleFiles();
        string epoch;
        await using (var stores = Open(files, JournalPolicy.Os))
        {
            epoch = stores.Ledger.Epoch;
            await RunAsync(stores, 1);
        }

        // The first of the next run says that there was one before it; it is gone before its contents were written once more.
        var before = files.Copy();
        await using (var stores = Open(files, JournalPolicy.Os))
        {
            await RunAsync(stores, 2);
        }

        var first = before.Contents.Keys.First();
        Assert.DoesNotContain(first, files.Contents.Keys);
        var second = files.Contents.Keys.Last();
        var bytes = files.Contents[second].AsSpan();
        Assert.Equal(FrameState.Whole, RecordFormat.Read(bytes, 0, out _, out var start));
        files.Contents[second] = bytes[..(RecordFormat.HeaderLength + start.Length)].ToArray();

        await using var again = Open(files, JournalPolicy.Os);
        Assert.True(again.WasDamaged);
        Assert.NotEqual(epoch, again.Ledger.Epoch);
    }

    [Fact]
    public async Task KilledAnywhereWhileItIsWrittenOnceMoreItLosesNothing()
    {
        // Small segments: what is needed is written once more again and again. The disk is looked at after every write.
        List<SimpleFiles> moments = [];
        var files = new WatchedFiles(moments);
        var options = Options(JournalPolicy.Os) with { SegmentBytes = 65_536 };
        Dictionary<int, int> completedBy = [];
        await using (var stores = JournalStores.Open(files, options, PoolLanes.Instance, TimeProvider.System, NullLogger.Instance, static () => "epoch"))
        {
            for (var call = 0; call < 300; call++)
            {
                await RunAsync(stores, call, size: 1000);
                lock (moments)
                {
                    completedBy[call] = moments.Count;
                }
            }

            Assert.True(files.Deleted >= 3, $"{files.Deleted} segments were deleted");
        }

        for (var moment = 0; moment < moments.Count; moment += 3)
        {
            await using var stores = JournalStores.Open(moments[moment], options, PoolLanes.Instance, TimeProvider.System, NullLogger.Instance, static () => "another");
            Assert.True(moment == 0 || !stores.WasDamaged, $"moment {moment}");
            foreach (var (call, by) in completedBy)
            {
                if (by <= moment)
                {
                    Assert.Equal(LedgerStatus.Completed, (await Ask(stores, call)).Status);
                }
            }
        }
    }

    private static async Task<(SimpleFiles Files, (long Begun, long Completed)[] Marks, string Epoch)> WriteAsync(JournalPolicy policy)
    {
        var files = new SimpleFiles();
        var marks = new (long Begun, long Completed)[Calls];
        await using var stores = Open(files, policy);
        for (var call = 0; call < Calls; call++)
        {
            var fence = (await Claim(stores, call, mustBeKnown: false)).Fence;
            marks[call].Begun = files.Contents.Values.Last().Length;
            await stores.Ledger.CompleteAsync(Key(call), fence, StoresUnderTest.Bytes($"result {call}"), isFinal: true, default);
            marks[call].Completed = files.Contents.Values.Last().Length;
        }

        return (files.Copy(), marks, stores.Ledger.Epoch);
    }

    private static async Task RunAsync(JournalStores stores, int call, int size = 10)
    {
        var answer = await Claim(stores, call, mustBeKnown: false);
        Assert.Equal(LedgerStatus.Started, answer.Status);
        Assert.True(await stores.Ledger.CompleteAsync(Key(call), answer.Fence, StoresUnderTest.Bytes(new string('r', size)), isFinal: true, default));
    }

    private static ValueTask<LedgerAnswer> Ask(JournalStores stores, int call) => Claim(stores, call, mustBeKnown: true);

    private static ValueTask<LedgerAnswer> Claim(JournalStores stores, int call, bool mustBeKnown) => stores.Ledger.BeginAsync(
        Key(call), new LedgerClaim { Arguments = Arguments, Lease = Timeout.InfiniteTimeSpan, Window = Window, MustBeKnown = mustBeKnown }, default);

    private static CallKey Key(int number) => CallKey.Of("p", "t"u8, Encoding.UTF8.GetBytes($"{number}"));

    private static JournalOptions Options(JournalPolicy policy) => new() { Folder = "in memory", Policy = policy };

    private static JournalStores Open(SimpleFiles files, JournalPolicy policy) => JournalStores.Open(
        files, Options(policy), PoolLanes.Instance, TimeProvider.System, NullLogger.Instance, static () => Guid.NewGuid().ToString());

    /// <summary>Keeps a copy of the disk after each change.</summary>
    private sealed class WatchedFiles(List<SimpleFiles> moments) : IJournalFiles
    {
        private readonly SimpleFiles _files = new();

        internal int Deleted { get; private set; }

        public string MachineStart => _files.MachineStart;

        public IReadOnlyList<string> List() => _files.List();

        public byte[] Read(string name) => _files.Read(name);

        public void Sync(string name) => _files.Sync(name);

        public IJournalFile Create(string name, bool durable)
        {
            var file = _files.Create(name, durable);
            Keep();
            return new WatchedFile(this, file);
        }

        public void Delete(string name)
        {
            Deleted++;
            _files.Delete(name);
            Keep();
        }

        public void Dispose()
        {
        }

        private void Keep()
        {
            lock (moments)
            {
                moments.Add(_files.Copy());
            }
        }

        private sealed class WatchedFile(WatchedFiles files, IJournalFile file) : IJournalFile
        {
            public void Append(ReadOnlySpan<byte> bytes)
            {
                // In two pieces, so that every batch is also seen half written.
                file.Append(bytes[..(bytes.Length / 2)]);
                files.Keep();
                file.Append(bytes[(bytes.Length / 2)..]);
                files.Keep();
            }

            public void Flush() => file.Flush();

            public void Dispose() => file.Dispose();
        }
    }
}
