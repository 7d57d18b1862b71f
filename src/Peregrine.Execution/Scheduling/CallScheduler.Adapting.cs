using Peregrine.Execution.Resilience;
using Peregrine.Execution.Switches;

namespace Peregrine.Execution.Scheduling;

// How many calls run at once, where latency or load decides.
public sealed partial class CallScheduler
{
    // More calls at once than that are no limit worth learning.
    private const int HighestLimit = 10_000;
    private const int FirstLimit = 20;

    private int _limit;
    private AdaptiveLimit? _latency;
    private LoadLimit? _load;
    private RuntimeSwitch? _adaptive;

    private void BeginAdapting(RuntimeSwitch? adaptive)
    {
        var most = Math.Min(Options.MaxConcurrentCalls ?? HighestLimit, HighestLimit);
        var least = Math.Min(Options.MinConcurrentCalls, most);
        if (Options.AdaptToLatency)
        {
            _latency = new AdaptiveLimit(new AdaptiveLimitOptions { Min = least, Max = most, Initial = Math.Clamp(FirstLimit, least, most) });
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
    private void NoteLatency(in CallAdmission admission, long ticks)
    {
        if (_latency is not null)
        {
            _latency.Record(admission.Window, Math.Max(1, ticks), admission.InFlight);
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
        return _adaptive is { IsOn: false } ? most : Math.Min(most, Math.Min(_latency?.Limit ?? most, _load?.Current ?? most));
    }
}
