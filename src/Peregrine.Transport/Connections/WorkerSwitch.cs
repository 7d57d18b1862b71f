using System.Runtime.CompilerServices;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.Connections;

/// <summary>Awaited, it goes on as work of the scheduler. For one at a time.</summary>
internal sealed class WorkerSwitch(IWorkScheduler scheduler) : ICriticalNotifyCompletion, IThreadPoolWorkItem
{
    private Action? _continuation;

    /// <summary>Always false.</summary>
    public bool IsCompleted => false;

    public WorkerSwitch GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        _continuation = continuation;
        scheduler.Schedule(this);
    }

    /// <inheritdoc/>
    public void Execute()
    {
        var continuation = _continuation!;
        _continuation = null;
        continuation();
    }
}
