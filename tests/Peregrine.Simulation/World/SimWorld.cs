namespace Peregrine.Simulation.World;

/// <summary>
/// One seed's world: a clock, timers, and work of which any that is ready may come next, now or after later timers. Everything happens on one thread, so a seed decides everything.
/// </summary>
internal sealed class SimWorld(int seed)
{
    private readonly List<(SimProcess Process, IThreadPoolWorkItem Work)> _ready = [];
    private readonly PriorityQueue<(SimTimer Timer, long Version), (long Due, long Number)> _timers = new();
    private long _timerNumber;
    private ulong _trace = 14695981039346656037;

    internal Random Random { get; } = new(seed);

    /// <summary>Ticks since the beginning.</summary>
    internal long Now { get; private set; }

    internal int Steps { get; private set; }

    /// <summary>Stands for everything that has happened: two runs that differ anywhere differ here.</summary>
    internal ulong Trace => _trace;

    /// <summary>Called before each step; may end a process.</summary>
    internal Action? BeforeStep { get; set; }

    internal bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Notes something for <see cref="Trace"/>.</summary>
    internal void Note(long what) => _trace = (_trace ^ (ulong)what) * 1099511628211;

    internal void Enqueue(SimProcess process, IThreadPoolWorkItem work)
    {
        if (!process.IsDead)
        {
            _ready.Add((process, work));
        }
    }

    internal SimTimer After(SimProcess process, TimeSpan delay, Action action)
    {
        var timer = new SimTimer(process, action);
        Arm(timer, delay);
        return timer;
    }

    internal void Arm(SimTimer timer, TimeSpan delay)
    {
        // One that was set before counts no more.
        timer.Version = ++_timerNumber;
        _timers.Enqueue((timer, timer.Version), (Now + Math.Max(0, delay.Ticks), timer.Version));
    }

    /// <summary>Takes steps until nothing is left to do.</summary>
    /// <param name="limit">So many steps are too many.</param>
    /// <returns>False at the limit.</returns>
    internal bool RunUntilIdle(int limit)
    {
        while (Steps < limit)
        {
            BeforeStep?.Invoke();
            if (_ready.Count == 0)
            {
                if (!Wake())
                {
                    return true;
                }
            }
            else if (Chance(0.3))
            {
                // Work takes its time: what is due later may come before it.
                Wake();
            }

            if (_ready.Count > 0)
            {
                Step();
            }
        }

        return false;
    }

    private void Step()
    {
        Steps++;
        var index = _ready.Count == 1 ? 0 : Random.Next(_ready.Count);
        var (process, work) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Note((index << 8) + _ready.Count);
        if (process.IsDead)
        {
            return;
        }

        try
        {
            work.Execute();
        }
        catch (SimKilledException)
        {
            // The process ended in the middle of what it did.
        }
    }

    // The next timer fires; those of one time in the order in which they were set.
    private bool Wake()
    {
        while (_timers.TryDequeue(out var next, out var due))
        {
            var timer = next.Timer;
            if (!timer.Process.IsDead && timer.Version == next.Version)
            {
                Now = Math.Max(Now, due.Due);
                Note(Now);
                timer.Cancel();
                Enqueue(timer.Process, timer);
                return true;
            }
        }

        return false;
    }
}
