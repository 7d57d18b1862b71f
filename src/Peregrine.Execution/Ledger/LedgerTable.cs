using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Execution.Ledger;

/// <summary>
/// The state machine of keyed calls: new, in flight, completed, asking, unknown. Neither writes nor waits; the ledgers around it do. Not thread-safe: all members are called under one lock.
/// </summary>
internal sealed class LedgerTable(TimeProvider time, LedgerLimits limits)
{
    // Made with the first key: code of the framework over a struct of ours cannot be compiled ahead, and most servers start without keys (docs/performance.md, "Start").
    private Dictionary<CallKey, LedgerEntry>? _entries;
    private PriorityQueue<LedgerEntry, long>? _expiring;
    private long _bytes;

    internal int Count => _entries?.Count ?? 0;

    /// <summary>The number that the next start gets.</summary>
    internal long NextFence { get; set; } = 1;

    internal IEnumerable<LedgerEntry> Entries => Known.Values;

    private Dictionary<CallKey, LedgerEntry> Known => _entries ??= [];

    private PriorityQueue<LedgerEntry, long> Expiring => _expiring ??= new();

    /// <summary>Milliseconds since 1970, UTC.</summary>
    internal long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal LedgerEntry? Find(CallKey key) => Known.GetValueOrDefault(key);

    /// <summary>Claims a key. Where that starts the call, <paramref name="started"/> is its entry.</summary>
    internal LedgerAnswer Begin(CallKey key, in LedgerClaim claim, out LedgerEntry? started)
    {
        started = null;
        var now = Now;
        Forget(now);
        if (!Known.TryGetValue(key, out var entry))
        {
            return BeginNew(key, claim, now, out started);
        }

        if (entry.Arguments != claim.Arguments)
        {
            return new LedgerAnswer(LedgerStatus.Conflict);
        }

        if (entry.State == EntryState.InFlight && now >= entry.LeaseEnds)
        {
            GiveUp(entry, now);
        }

        switch (entry.State)
        {
            case EntryState.InFlight or EntryState.Ending:
                return new LedgerAnswer(entry.Round == claim.Round ? LedgerStatus.InFlight : LedgerStatus.Conflict);
            case EntryState.Asking when entry.Round != claim.Round:
                started = Start(entry, claim, now);
                return new LedgerAnswer(LedgerStatus.Started, entry.Fence);
            case EntryState.Unknown when claim.TakesUnknown:
                started = Start(entry, claim, now);
                return new LedgerAnswer(LedgerStatus.Started, entry.Fence, MayHaveRun: true);
            default:
                return AnswerOf(entry);
        }
    }

    /// <summary>Gives an entry in flight up where its lease has run out.</summary>
    internal void EndLease(LedgerEntry entry)
    {
        var now = Now;
        if (entry.State == EntryState.InFlight && now >= entry.LeaseEnds)
        {
            GiveUp(entry, now);
        }
    }

    /// <summary>The entry, where it is in flight under this number.</summary>
    internal LedgerEntry? Owned(CallKey key, long fence) =>
        Known.GetValueOrDefault(key) is { State: EntryState.InFlight } entry && entry.Fence == fence ? entry : null;

    /// <summary>Takes a result that is about to be written.</summary>
    internal void BeginEnd(LedgerEntry entry, EntryState endsAs, byte[] result)
    {
        SetResult(entry, result);
        entry.State = EntryState.Ending;
        entry.EndsAs = endsAs;
        entry.Expires = Now + entry.WindowMilliseconds;
    }

    /// <summary>Ends an entry; who waits is answered.</summary>
    internal void End(LedgerEntry entry)
    {
        entry.State = entry.EndsAs;
        if (entry.State == EntryState.New)
        {
            Remove(entry);
        }
        else
        {
            Expiring.Enqueue(entry, entry.Expires);
        }

        Wake(entry);
    }

    /// <summary>Undoes a start that could not be written.</summary>
    internal void TakeBack(LedgerEntry entry)
    {
        entry.EndsAs = entry.StateBefore;
        entry.Round = entry.RoundBefore;
        entry.Expires = Now + entry.WindowMilliseconds;
        End(entry);
    }

    /// <summary>Takes an entry from a journal, over what there was under its key.</summary>
    internal void Restore(LedgerEntry entry)
    {
        if (Known.Remove(entry.Key, out var old))
        {
            _bytes -= old.Result.Length;
            old.State = EntryState.New;
        }

        NextFence = Math.Max(NextFence, entry.Fence + 1);
        if (entry.State != EntryState.New)
        {
            Known.Add(entry.Key, entry);
            _bytes += entry.Result.Length;
        }
    }

    /// <summary>After the last of them: whoever owned what is in flight is gone.</summary>
    internal void EndRestoring()
    {
        var now = Now;
        foreach (var entry in Known.Values)
        {
            if (entry.State == EntryState.InFlight)
            {
                entry.State = EntryState.Unknown;
                entry.Expires = now + entry.WindowMilliseconds;
            }

            Expiring.Enqueue(entry, entry.Expires);
        }

        Forget(now);
    }

    internal static LedgerAnswer AnswerOf(LedgerEntry entry) => entry.State switch
    {
        EntryState.Completed => new LedgerAnswer(LedgerStatus.Completed, Result: entry.Result),
        EntryState.Asking => new LedgerAnswer(LedgerStatus.Asking, Result: entry.Result),
        EntryState.Unknown => new LedgerAnswer(LedgerStatus.Unknown),
        EntryState.New => new LedgerAnswer(LedgerStatus.New),
        _ => new LedgerAnswer(LedgerStatus.InFlight),
    };

    private LedgerAnswer BeginNew(CallKey key, in LedgerClaim claim, long now, out LedgerEntry? started)
    {
        started = null;
        if (claim is { MustBeKnown: true, TakesUnknown: false })
        {
            return new LedgerAnswer(LedgerStatus.Expired);
        }

        if (Known.Count >= limits.MaxKeys || _bytes >= limits.MaxBytes)
        {
            return new LedgerAnswer(LedgerStatus.Full);
        }

        var entry = new LedgerEntry(key, claim.Arguments);
        Known.Add(key, entry);
        started = Start(entry, claim, now);
        return new LedgerAnswer(LedgerStatus.Started, entry.Fence, MayHaveRun: claim.MustBeKnown);
    }

    private LedgerEntry Start(LedgerEntry entry, in LedgerClaim claim, long now)
    {
        // What was asked before stays until there is something else: the start may have to be taken back.
        entry.StateBefore = entry.State;
        entry.RoundBefore = entry.Round;
        entry.State = EntryState.InFlight;
        entry.Fence = NextFence++;
        entry.Round = claim.Round;
        entry.WindowMilliseconds = (long)claim.Window.TotalMilliseconds;
        entry.LeaseEnds = LeaseEnd(claim.Lease, now);
        return entry;
    }

    internal static long LeaseEnd(TimeSpan lease, long now) => lease == Timeout.InfiniteTimeSpan ? long.MaxValue : now + (long)lease.TotalMilliseconds;

    private void GiveUp(LedgerEntry entry, long now)
    {
        entry.EndsAs = EntryState.Unknown;
        entry.Expires = now + entry.WindowMilliseconds;
        End(entry);
    }

    private void SetResult(LedgerEntry entry, byte[] result)
    {
        _bytes += result.Length - entry.Result.Length;
        entry.Result = result;
    }

    // An entry that was started anew since it was queued stands there once more when it ends; what is found too early is passed over.
    private void Forget(long now)
    {
        while (Expiring.TryPeek(out var entry, out var expires) && expires <= now)
        {
            Expiring.Dequeue();
            if (entry.HasEnded && entry.Expires <= now)
            {
                Remove(entry);
            }
        }
    }

    private void Remove(LedgerEntry entry)
    {
        entry.State = EntryState.New;
        if (Known.TryGetValue(entry.Key, out var current) && ReferenceEquals(current, entry))
        {
            Known.Remove(entry.Key);
            _bytes -= entry.Result.Length;
        }
    }

    private static void Wake(LedgerEntry entry)
    {
        if (entry.Waiters is { } waiters)
        {
            entry.Waiters = null;
            var answer = AnswerOf(entry);
            foreach (var waiter in waiters)
            {
                waiter.TryComplete(answer);
            }
        }
    }
}
