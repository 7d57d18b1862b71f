namespace Peregrine.Observability.Scheduling;

/// <summary>A lane whose threads start on demand and end after a time without work.</summary>
internal sealed class BlockingLane : IBlockingLane
{
    // Long enough that a steady trickle of calls reuses its thread, short enough that a burst's threads do not stay.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    // A monitor, not a Lock: idle threads wait on it for work.
    private readonly object _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly ThreadPoolScheduler _scheduler;
    private readonly string _name;
    private readonly int _maxThreads;
    private int _threads;
    private int _idle;

    internal BlockingLane(ThreadPoolScheduler scheduler, string name, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        _scheduler = scheduler;
        _name = name;
        _maxThreads = maxThreads;
    }

    /// <inheritdoc/>
    public void Schedule(IThreadPoolWorkItem work)
    {
        bool start;
        lock (_gate)
        {
            _queue.Enqueue(work);
            start = _queue.Count > _idle && _threads < _maxThreads;
            if (start)
            {
                _threads++;
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }

        if (start)
        {
            _scheduler.StartThread(_name, RunThread);
        }
    }

    private void RunThread()
    {
        while (TryTake(out var work))
        {
            work!.Execute();
        }
    }

    private bool TryTake(out IThreadPoolWorkItem? work)
    {
        lock (_gate)
        {
            var waited = false;
            while (!_queue.TryDequeue(out work))
            {
                if (waited)
                {
                    _threads--;
                    return false;
                }

                _idle++;
                waited = !Monitor.Wait(_gate, IdleTime);
                _idle--;
            }

            return true;
        }
    }
}
