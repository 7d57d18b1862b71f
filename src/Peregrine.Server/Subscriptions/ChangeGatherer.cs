using Peregrine.Observability.Scheduling;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Subscriptions;

/// <summary>Gathers changes of lists that come in quick succession, so that one notification stands for all. Thread-safe.</summary>
internal sealed class ChangeGatherer(SubscriptionHub hub, IWorkScheduler scheduler, TimeProvider time) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private RegistryChange _gathered;

    /// <summary>Takes note of a change.</summary>
    internal void Add(RegistryChange change)
    {
        lock (_gate)
        {
            var before = _gathered;
            _gathered |= change;
            if (before != RegistryChange.None || _gathered == RegistryChange.None)
            {
                return;
            }

            if (hub.Options.GatherTime > TimeSpan.Zero)
            {
                BeginGathering();
                return;
            }
        }

        scheduler.Schedule(this);
    }

    /// <summary>Tells the listeners what was gathered.</summary>
    public void Execute()
    {
        RegistryChange gathered;
        lock (_gate)
        {
            gathered = _gathered;
            _gathered = RegistryChange.None;
        }

        hub.Publish(gathered);
    }

    private void BeginGathering()
    {
        if (_timer is null)
        {
            // Else it would keep alive whatever flows with the code that happened to make the first change.
            using (ExecutionContext.SuppressFlow())
            {
                _timer = time.CreateTimer(static state => ((ChangeGatherer)state!).Execute(), this, hub.Options.GatherTime, Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            _timer.Change(hub.Options.GatherTime, Timeout.InfiniteTimeSpan);
        }
    }
}
