using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Stores;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Journal;

/// <summary>
/// The ledger in a journal. A start is written before the call may run, and a result before anybody is told of it; until then the call is in flight. Thread-safe.
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
        Commitment commitment;
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
            commitment = _log.Commit();
        }

        return AwaitStart(commitment, entry, answer);
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

    private async ValueTask<LedgerAnswer> AwaitStart(Commitment commitment, LedgerEntry entry, LedgerAnswer answer)
    {
        if (await _log.WriteAsync(commitment).ConfigureAwait(false))
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
        Commitment commitment;
        lock (_log.Gate)
        {
            entry = _table.Owned(key, fence);
            if (entry is null)
            {
                return false;
            }

            _table.BeginEnd(entry, endsAs, result);
            Write(entry);
            commitment = _log.Commit();
        }

        if (!await _log.WriteAsync(commitment).ConfigureAwait(false) && endsAs is EntryState.Completed or EntryState.Asking)
        {
            _ = EndWhenWrittenAsync(entry);
            throw new IOException("The journal cannot be written now. The call has ended; what it returned is kept, and counts when it is written.");
        }

        // Without a result there is nothing that somebody could be told and another one not.
        End(entry);
        return true;
    }

    // A result that is told and then lost with the process would be another one for whoever asks again. Until it is written the call is in flight.
    private async Task EndWhenWrittenAsync(LedgerEntry entry)
    {
        if (await _log.KeptIsWrittenAsync().ConfigureAwait(false))
        {
            End(entry);
        }
    }

    private void End(LedgerEntry entry)
    {
        lock (_log.Gate)
        {
            _table.End(entry);
        }
    }

    private void Write(LedgerEntry entry)
    {
        entry.Segment = _log.Segment;
        RecordCodec.Write(_log.Writer, entry);
    }
}
