using System.Threading.Tasks.Sources;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Ledger;

/// <summary>Something one caller waits for, whose continuation runs as work of the scheduler: neither on the thread that completes it, nor past the scheduler. Awaited once.</summary>
internal sealed class ScheduledCompletion<T>(IWorkScheduler scheduler) : IValueTaskSource<T>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<T> _core;
    private T? _result;
    private int _completed;

    internal ValueTask<T> Task => new(this, _core.Version);

    /// <summary>Completes it; false where it was completed before.</summary>
    internal bool TryComplete(T result)
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
        {
            return false;
        }

        _result = result;
        scheduler.Schedule(this);
        return true;
    }

    public void Execute() => _core.SetResult(_result!);

    public T GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
