using System.Text;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Execution.Tests.Stores.Contracts;

/// <summary>What every ledger does. One derived class a kind of store.</summary>
public abstract class CallLedgerContract
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly ArgumentHash Arguments = ArgumentHash.Of("{\"amount\":1}"u8);
    private static readonly ArgumentHash OtherArguments = ArgumentHash.Of("{\"amount\":2}"u8);

    protected abstract StoresUnderTest Open();

    [Fact]
    public async Task A_new_key_is_started_once()
    {
        await using var stores = Open();

        var first = await BeginAsync(stores, Key(1));
        var other = await BeginAsync(stores, Key(2));

        Assert.Equal((LedgerStatus.Started, false), (first.Status, first.MayHaveRun));
        Assert.True(other.Fence > first.Fence);
        Assert.Equal(LedgerStatus.InFlight, (await BeginAsync(stores, Key(1))).Status);
    }

    [Fact]
    public async Task A_completed_call_gives_its_result_again_to_every_later_one()
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;

        Assert.True(await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("result"), isFinal: true, default));

        for (var i = 0; i < 3; i++)
        {
            var answer = await BeginAsync(stores, Key(1));
            Assert.Equal((LedgerStatus.Completed, "result"), (answer.Status, StoresUnderTest.Text(answer.Result)));
        }
    }

    [Theory]
    [InlineData("in flight")]
    [InlineData("completed")]
    [InlineData("unknown")]
    public async Task Other_arguments_are_a_conflict_in_every_state(string state)
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;
        if (state == "completed")
        {
            await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("r"), isFinal: true, default);
        }
        else if (state == "unknown")
        {
            await stores.Ledger.AbandonAsync(Key(1), fence, mayHaveRun: true, default);
        }

        Assert.Equal(LedgerStatus.Conflict, (await stores.Ledger.BeginAsync(Key(1), Claim(OtherArguments) with { TakesUnknown = true }, default)).Status);
    }

    [Fact]
    public async Task Who_waits_gets_the_result_as_it_ends()
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;
        var waiting = Enumerable.Range(0, 3).Select(_ => stores.Ledger.WaitAsync(Key(1), default).AsTask()).ToArray();
        Assert.All(waiting, static wait => Assert.False(wait.IsCompleted));

        await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("done"), isFinal: true, default);

        foreach (var wait in waiting)
        {
            var answer = await wait.WaitAsync(Patience);
            Assert.Equal((LedgerStatus.Completed, "done"), (answer.Status, StoresUnderTest.Text(answer.Result)));
        }

        Assert.Equal(LedgerStatus.Completed, (await stores.Ledger.WaitAsync(Key(1), default)).Status);
    }

    [Theory]
    [InlineData(true, LedgerStatus.Unknown)]
    [InlineData(false, LedgerStatus.New)]
    public async Task Who_waits_learns_that_the_call_was_given_up(bool mayHaveRun, LedgerStatus expected)
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;
        var waiting = stores.Ledger.WaitAsync(Key(1), default).AsTask();

        Assert.True(await stores.Ledger.AbandonAsync(Key(1), fence, mayHaveRun, default));

        Assert.Equal(expected, (await waiting.WaitAsync(Patience)).Status);
        Assert.Equal(mayHaveRun ? LedgerStatus.Unknown : LedgerStatus.Started, (await BeginAsync(stores, Key(1))).Status);
    }

    [Fact]
    public async Task Waiting_ends_when_its_token_fires_and_nobody_else_is_touched()
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;
        using var source = new CancellationTokenSource();
        var cancelled = stores.Ledger.WaitAsync(Key(1), source.Token).AsTask();
        var other = stores.Ledger.WaitAsync(Key(1), default).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("r"), isFinal: true, default);
        Assert.Equal(LedgerStatus.Completed, (await other.WaitAsync(Patience)).Status);
        Assert.Equal(LedgerStatus.New, (await stores.Ledger.WaitAsync(Key(9), default)).Status);
    }

    [Fact]
    public async Task Only_the_owner_by_its_number_ends_a_call()
    {
        await using var stores = Open();
        var old = (await BeginAsync(stores, Key(1))).Fence;
        await stores.Ledger.AbandonAsync(Key(1), old, mayHaveRun: false, default);
        var current = (await BeginAsync(stores, Key(1))).Fence;

        Assert.True(current > old);
        Assert.False(await stores.Ledger.CompleteAsync(Key(1), old, StoresUnderTest.Bytes("late"), isFinal: true, default));
        Assert.False(await stores.Ledger.AbandonAsync(Key(1), old, mayHaveRun: false, default));
        Assert.False(await stores.Ledger.RenewAsync(Key(1), old, Window, default));
        Assert.True(await stores.Ledger.CompleteAsync(Key(1), current, StoresUnderTest.Bytes("current"), isFinal: true, default));
        Assert.False(await stores.Ledger.CompleteAsync(Key(1), current, StoresUnderTest.Bytes("twice"), isFinal: true, default));
        Assert.Equal("current", StoresUnderTest.Text((await BeginAsync(stores, Key(1))).Result));
    }

    [Fact]
    public async Task A_lease_that_runs_out_leaves_the_outcome_unknown()
    {
        await using var stores = Open();
        var claim = Claim(Arguments) with { Lease = TimeSpan.FromSeconds(30) };
        var fence = (await stores.Ledger.BeginAsync(Key(1), claim, default)).Fence;
        stores.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await stores.Ledger.RenewAsync(Key(1), fence, TimeSpan.FromSeconds(30), default));
        stores.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(LedgerStatus.InFlight, (await BeginAsync(stores, Key(1))).Status);
        var waiting = stores.Ledger.WaitAsync(Key(1), default).AsTask();

        stores.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(LedgerStatus.Unknown, (await waiting.WaitAsync(Patience)).Status);
        Assert.Equal(LedgerStatus.Unknown, (await BeginAsync(stores, Key(1))).Status);
        Assert.False(await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("late"), isFinal: true, default));
    }

    [Fact]
    public async Task An_unknown_call_may_be_taken_by_who_can_find_out()
    {
        await using var stores = Open();
        var first = (await BeginAsync(stores, Key(1))).Fence;
        await stores.Ledger.AbandonAsync(Key(1), first, mayHaveRun: true, default);

        Assert.Equal(LedgerStatus.Unknown, (await BeginAsync(stores, Key(1))).Status);
        var taken = await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { TakesUnknown = true }, default);

        Assert.Equal((LedgerStatus.Started, true), (taken.Status, taken.MayHaveRun));
        Assert.Equal(LedgerStatus.InFlight, (await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { TakesUnknown = true }, default)).Status);
        Assert.True(await stores.Ledger.CompleteAsync(Key(1), taken.Fence, StoresUnderTest.Bytes("found"), isFinal: true, default));
    }

    [Fact]
    public async Task A_key_that_must_be_known_and_is_not_starts_nothing()
    {
        await using var stores = Open();

        Assert.Equal(LedgerStatus.Expired, (await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { MustBeKnown = true }, default)).Status);
        Assert.Equal(LedgerStatus.Started, (await BeginAsync(stores, Key(1))).Status);
        Assert.Equal(LedgerStatus.InFlight, (await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { MustBeKnown = true }, default)).Status);
        var taken = await stores.Ledger.BeginAsync(Key(2), Claim(Arguments) with { MustBeKnown = true, TakesUnknown = true }, default);
        Assert.Equal((LedgerStatus.Started, true), (taken.Status, taken.MayHaveRun));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_its_window_and_not_before()
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;
        stores.Time.Advance(Window * 3);
        Assert.Equal(LedgerStatus.InFlight, (await BeginAsync(stores, Key(1))).Status);
        await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("r"), isFinal: true, default);

        stores.Time.Advance(Window - TimeSpan.FromMilliseconds(1));
        Assert.Equal(LedgerStatus.Completed, (await BeginAsync(stores, Key(1))).Status);
        stores.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(LedgerStatus.Started, (await BeginAsync(stores, Key(1))).Status);
    }

    [Fact]
    public async Task A_call_that_asks_goes_on_in_another_round()
    {
        await using var stores = Open();
        var fence = (await BeginAsync(stores, Key(1))).Fence;
        await stores.Ledger.CompleteAsync(Key(1), fence, StoresUnderTest.Bytes("sure?"), isFinal: false, default);

        var again = await BeginAsync(stores, Key(1));
        Assert.Equal((LedgerStatus.Asking, "sure?"), (again.Status, StoresUnderTest.Text(again.Result)));
        var answered = await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { Round = 77 }, default);
        Assert.Equal((LedgerStatus.Started, false), (answered.Status, answered.MayHaveRun));
        Assert.Equal(LedgerStatus.InFlight, (await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { Round = 77 }, default)).Status);

        // Two answers to one question: the one that came first is the one that counts.
        Assert.Equal(LedgerStatus.Conflict, (await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { Round = 78 }, default)).Status);
        await stores.Ledger.CompleteAsync(Key(1), answered.Fence, StoresUnderTest.Bytes("bought"), isFinal: true, default);
        foreach (var round in (long[])[0, 77, 78])
        {
            Assert.Equal("bought", StoresUnderTest.Text((await stores.Ledger.BeginAsync(Key(1), Claim(Arguments) with { Round = round }, default)).Result));
        }
    }

    [Fact]
    public async Task Of_many_at_once_one_starts()
    {
        await using var stores = Open();
        for (var round = 0; round < 20; round++)
        {
            using var barrier = new Barrier(4);
            var key = Key(round);
            var tasks = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
            {
                barrier.SignalAndWait();
                return BeginAsync(stores, key).AsTask();
            }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
            var answers = await Task.WhenAll(tasks);

            Assert.Single(answers, static answer => answer.Status == LedgerStatus.Started);
            Assert.Equal(3, answers.Count(static answer => answer.Status == LedgerStatus.InFlight));
        }
    }

    [Fact]
    public async Task After_a_restart_it_knows_what_it_says_it_does()
    {
        await using var stores = Open();
        var epoch = stores.Ledger.Epoch;
        var done = (await BeginAsync(stores, Key(1))).Fence;
        await stores.Ledger.CompleteAsync(Key(1), done, StoresUnderTest.Bytes("kept"), isFinal: true, default);
        await BeginAsync(stores, Key(2));
        var given = (await BeginAsync(stores, Key(3))).Fence;
        await stores.Ledger.AbandonAsync(Key(3), given, mayHaveRun: false, default);
        var asking = (await BeginAsync(stores, Key(4))).Fence;
        await stores.Ledger.CompleteAsync(Key(4), asking, StoresUnderTest.Bytes("?"), isFinal: false, default);

        await stores.RestartAsync();

        Assert.Equal(stores.Survives, epoch == stores.Ledger.Epoch);
        Assert.Equal(stores.Survives, stores.Ledger.Durability != Durability.Memory);
        Assert.Equal(stores.Survives ? LedgerStatus.Completed : LedgerStatus.Started, (await BeginAsync(stores, Key(1))).Status);
        Assert.Equal(stores.Survives ? LedgerStatus.Unknown : LedgerStatus.Started, (await BeginAsync(stores, Key(2))).Status);
        Assert.Equal(LedgerStatus.Started, (await BeginAsync(stores, Key(3))).Status);
        Assert.Equal(stores.Survives ? LedgerStatus.Asking : LedgerStatus.Started, (await BeginAsync(stores, Key(4))).Status);
        if (stores.Survives)
        {
            Assert.True((await BeginAsync(stores, Key(5))).Fence > asking);
        }
    }

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    protected static CallKey Key(int number) => CallKey.Of("someone", "pay"u8, Encoding.UTF8.GetBytes($"key-{number}"));

    protected static LedgerClaim Claim(ArgumentHash arguments) => new() { Arguments = arguments, Lease = Timeout.InfiniteTimeSpan, Window = Window };

    private static ValueTask<LedgerAnswer> BeginAsync(StoresUnderTest stores, CallKey key) => stores.Ledger.BeginAsync(key, Claim(Arguments), default);
}
