using Peregrine.Observability.Metrics;

namespace Peregrine.Execution.Scheduling;

/// <summary>Calls that share a limit: those of one tool. Made by a <see cref="CallScheduler"/>. Counts are thread-safe to read.</summary>
public sealed class CallClass
{
    private readonly StripedCounter _admitted = new();
    private readonly StripedCounter _refused = new();
    private readonly StripedCounter _timedOut = new();

    internal CallClass(string name, CallTier tier, int? limit, int? maxQueued)
    {
        Name = name;
        Tier = tier;
        Limit = limit ?? int.MaxValue;
        MaxQueued = maxQueued ?? (limit is { } running ? CallScheduler.QueueOf(running) : int.MaxValue);
    }

    /// <summary>Its name in messages and metrics.</summary>
    public string Name { get; }

    /// <summary>How long its calls take.</summary>
    public CallTier Tier { get; }

    /// <summary>How many of its calls may run at once.</summary>
    public int Limit { get; }

    /// <summary>How many of its calls may wait.</summary>
    public int MaxQueued { get; }

    /// <summary>Calls that run, with those that were answered as timed out and have not returned.</summary>
    public int Running => Volatile.Read(ref RunningNow);

    /// <summary>Calls that wait.</summary>
    public int Waiting => Volatile.Read(ref WaitingNow);

    /// <summary>Calls that were answered as timed out and still run: each holds a slot.</summary>
    public int Overdue => Volatile.Read(ref OverdueNow);

    /// <summary>Calls that were let run, ever.</summary>
    public long Admitted => _admitted.Value;

    /// <summary>Calls that were refused, ever.</summary>
    public long Refused => _refused.Value;

    /// <summary>Calls that were answered as timed out, ever.</summary>
    public long TimedOut => _timedOut.Value;

    // Fields: changed under the scheduler's lock, read without.
    internal int RunningNow;
    internal int WaitingNow;
    internal int OverdueNow;

    /// <summary>Mean time that calls took lately, in ticks of the clock; 0 as long as none has ended.</summary>
    internal double MeanTime { get; private set; }

    /// <summary>The calls that wait, in order of arrival.</summary>
    internal LinkedList<WaitingCall> Queue { get; } = new();

    internal bool HasRoom => RunningNow < Limit;

    internal void NoteAdmitted() => _admitted.Increment();

    internal void NoteRefused() => _refused.Increment();

    internal void NoteTimedOut()
    {
        _timedOut.Increment();
        Interlocked.Increment(ref OverdueNow);
    }

    internal void NoteReturned() => Interlocked.Decrement(ref OverdueNow);

    // A mean that forgets: the last ten calls or so count.
    internal void NoteTime(long ticks) => MeanTime = MeanTime == 0 ? ticks : MeanTime + ((ticks - MeanTime) / 8);
}
