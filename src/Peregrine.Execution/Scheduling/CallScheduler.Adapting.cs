using Peregrine.Execution.Switches;

namespace Peregrine.Execution.Scheduling;

// How many calls run at once, where latency or load decides.
public sealed partial class CallScheduler
{
    private int _limit;
    private LatencyLimit? _latency;
    private LoadLimit? _load;
    private RuntimeSwitch? _adaptive;

    private void BeginAdapting(RuntimeSwitch? adaptive)
    {
        var most = Options.MaxConcurrentCalls ?? LatencyLimit.Highest;
        if (Options.AdaptToLatency)
        {
            _latency = new LatencyLimit(Options.MinConcurrentCalls, most, _ticksPerSecond);
        }

        if (Options.AdaptToLoad)
        {
            _load = new LoadLimit(Options, most, _time, SetLimit);
        }

        if (_latency is null && _load is null)
        {
            return;
        }

        _adaptive = adaptive;
        if (adaptive is not null)
        {
            adaptive.Changed += _ => SetLimit();
        }

        SetLimit();
    }

    // Under the lock.
    private void NoteLatency(long ticks, long now)
    {
        if (_latency is not null && _latency.Note(ticks, now, _running + 1))
        {
            _limit = CurrentLimit();
        }
    }

    private void SetLimit()
    {
        lock (_gate)
        {
            _limit = CurrentLimit();
        }

        LetRun();
    }

    private int CurrentLimit()
    {
        var most = Options.MaxConcurrentCalls ?? int.MaxValue;
        return _adaptive is { IsOn: false } ? most : Math.Min(most, Math.Min(_latency?.Current ?? most, _load?.Current ?? most));
    }
}
