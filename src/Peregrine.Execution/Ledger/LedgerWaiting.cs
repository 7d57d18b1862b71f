using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Ledger;

/// <summary>Waits for the end of calls that others run. Shared by the ledgers of one process. Thread-safe.</summary>
internal sealed class LedgerWaiting(LedgerTable table, Lock gate, TimeProvider time, IWorkScheduler scheduler)
{
    internal ValueTask<LedgerAnswer> WaitAsync(CallKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ScheduledCompletion<LedgerAnswer> waiter;
        LedgerEntry? entry;
        lock (gate)
        {
            entry = table.Find(key);
            if (entry is null)
            {
                return new(new LedgerAnswer(LedgerStatus.New));
            }

            table.EndLease(entry);
            if (entry.HasEnded)
            {
                return new(LedgerTable.AnswerOf(entry));
            }

            waiter = new ScheduledCompletion<LedgerAnswer>(scheduler);
            (entry.Waiters ??= []).Add(waiter);
        }

        return cancellationToken.CanBeCanceled || entry.LeaseEnds != long.MaxValue ? AwaitAsync(entry, waiter, cancellationToken) : waiter.Task;
    }

    private async ValueTask<LedgerAnswer> AwaitAsync(LedgerEntry entry, ScheduledCompletion<LedgerAnswer> waiter, CancellationToken cancellationToken)
    {
        var timer = entry.LeaseEnds == long.MaxValue ? null : StartTimer(entry);
        try
        {
            using var registration = cancellationToken.UnsafeRegister(_ =>
            {
                lock (gate)
                {
                    entry.Waiters?.Remove(waiter);
                }

                waiter.TryComplete(new LedgerAnswer(LedgerStatus.InFlight));
            }, null);
            var answer = await waiter.Task.ConfigureAwait(false);
            if (answer.Status == LedgerStatus.InFlight)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return answer;
        }
        finally
        {
            if (timer is not null)
            {
                await timer.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // Whoever owns the call may be gone, and then nobody else would look.
    private ITimer StartTimer(LedgerEntry entry)
    {
        var period = TimeSpan.FromMilliseconds(Math.Max(50, (entry.LeaseEnds - table.Now) / 4));
        return time.CreateTimer(_ =>
        {
            lock (gate)
            {
                table.EndLease(entry);
            }
        }, null, period, period);
    }
}
