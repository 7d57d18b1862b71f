namespace Peregrine.Execution.Scheduling;

// Calls that have waited too long.
public sealed partial class CallScheduler
{
    private void BeginSweeping()
    {
        if (!_sweeping)
        {
            _sweeping = true;
            _sweep.Change(SweepInterval, SweepInterval);
        }
    }

    private void Sweep()
    {
        List<WaitingCall> overdue = [];
        lock (_gate)
        {
            _queue.Overdue(_time.GetTimestamp(), overdue);
            if (_queue.Count == 0 && _sweeping)
            {
                _sweeping = false;
                _sweep.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var call in overdue)
        {
            GiveUp(call, RefusalReason.QueueTime);
        }
    }
}
