using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Stores;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Journal;

/// <summary>
/// The ledger in a journal. A start is written before the call may run, and an end before anybody is told of it; until then the call is in flight. Thread-safe.
/// </summary>
internal sealed class JournalCallLedger : ICallLedger, ICompactable
{
    private readonly LedgerTable _table;
    private readonly TimeProvider _time;
    private readonly IWorkScheduler _scheduler;
    private CommitLog _log = null!;
    private LedgerWaiting _waiting = null!;

    internal JournalCallLedger(LedgerLimits limits, TimeProvider time, IWorkScheduler scheduler)
    {
        _table = new LedgerTable(time, limits);
        _time = time;
        _scheduler = scheduler;
    }

    public Durability Durability => Durability.Journal;

    public string Epoch => _log.Epoch;

    internal int Count
    {
        get
        {
            lock (_log.Gate)
            {
                return _table.Count;
            }
        }
    }

    internal long NextFence => _table.NextFence;

    public ValueTask<LedgerAnswer> BeginAsync(CallKey key, LedgerClaim claim, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LedgerEntry? entry;
        LedgerAnswer answer;
        ValueTask<bool> committing;
        lock (_log.Gate)
        {
            answer = _table.Begin(key, claim, out entry);
            if (entry is null)
            {
                return new(answer);
            }

            if (!_log.MayBegin())
            {
                _table.TakeBack(entry);
                return new(new LedgerAnswer(LedgerStatus.Full));
            }

            Write(entry);
            committing = _log.Commit();
        }

        return AwaitStart(committing, entry, answer);
    }

    public ValueTask<bool> RenewAsync(CallKey key, long fence, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Not written: who opens the journal again finds no owner alive, whatever the lease was.
        lock (_log.Gate)
        {
            if (_table.Owned(key, fence) is not { } entry)
            {
                return new(false);
            }

            entry.LeaseEnds = LedgerTable.LeaseEnd(lease, _table.Now);
            return new(true);
        }
    }

    public ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken) =>
        EndAsync(key, fence, isFinal ? EntryState.Completed : EntryState.Asking, result.ToArray());

    public ValueTask<bool> AbandonAsync(CallKey key, long fence, bool mayHaveRun, CancellationToken cancellationToken) =>
        EndAsync(key, fence, mayHaveRun ? EntryState.Unknown : EntryState.New, []);

    public ValueTask<LedgerAnswer> WaitAsync(CallKey key, CancellationToken cancellationToken) => _waiting.WaitAsync(key, cancellationToken);

    public void Restore(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == RecordKind.Call)
        {
            _table.Restore(RecordCodec.ReadCall(payload));
        }
    }

    public void EndRestoring() => _table.EndRestoring();

    public IEnumerator<bool> Rewrite(int below, CommitLog log)
    {
        foreach (var entry in _table.Entries.Where(entry => entry.Segment < below).ToArray())
        {
            if (entry.State != EntryState.New && entry.Segment < below)
            {
                Write(entry);
                yield return true;
            }
        }
    }

    internal void Attach(CommitLog log, long nextFence)
    {
        _log = log;
        _table.NextFence = Math.Max(_table.NextFence, nextFence);
        _waiting = new LedgerWaiting(_table, log.Gate, _time, _scheduler);
    }

    private async ValueTask<LedgerAnswer> AwaitStart(ValueTask<bool> committing, LedgerEntry entry, LedgerAnswer answer)
    {
        if (await committing.ConfigureAwait(false))
        {
            return answer;
        }

        lock (_log.Gate)
        {
            // The start may still reach the disk with a later batch; what it is taken back to follows it.
            _table.TakeBack(entry);
            Write(entry);
        }

        return new LedgerAnswer(LedgerStatus.Full);
    }

    private async ValueTask<bool> EndAsync(CallKey key, long fence, EntryState endsAs, byte[] result)
    {
        LedgerEntry? entry;
        ValueTask<bool> committing;
        lock (_log.Gate)
        {
            entry = _table.Owned(key, fence);
            if (entry is null)
            {
                return false;
            }

            _table.BeginEnd(entry, endsAs, result);
            Write(entry);
            committing = _log.Commit();
        }

        // Where it cannot be written now, it is kept and will be: the call has ended whatever the disk says, and as long as this process lives its result is known.
        await committing.ConfigureAwait(false);
        lock (_log.Gate)
        {
            _table.End(entry);
        }

        return true;
    }

    private void Write(LedgerEntry entry)
    {
        entry.Segment = _log.Segment;
        RecordCodec.Write(_log.Writer, entry);
    }
}
