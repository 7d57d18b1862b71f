using Peregrine.Observability.Scheduling;

namespace Peregrine.Server.Tests.Serving;

/// <summary>Keeps work back until it is let go: what a reader does before any worker has begun.</summary>
internal sealed class HeldScheduler : IWorkScheduler
{
    private readonly Lock _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _held = new();
    private bool _released;

    public void Schedule(IThreadPoolWorkItem work)
    {
        lock (_gate)
        {
            if (!_released)
            {
                _held.Enqueue(work);
                return;
            }
        }

        ThreadPoolScheduler.Instance.Schedule(work);
    }

    public void StartThread(string name, Action body) => ThreadPoolScheduler.Instance.StartThread(name, body);

    public IBlockingLane CreateLane(string name, int maxThreads) => ThreadPoolScheduler.Instance.CreateLane(name, maxThreads);

    internal void Release()
    {
        lock (_gate)
        {
            _released = true;
            while (_held.TryDequeue(out var work))
            {
                ThreadPoolScheduler.Instance.Schedule(work);
            }
        }
    }
}
