using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Tests.Journal;

/// <summary>A scheduler whose lanes have no threads of their own: for tests that open thousands of journals in memory, where nothing blocks.</summary>
internal sealed class PoolLanes : IWorkScheduler, IBlockingLane
{
    internal static PoolLanes Instance { get; } = new();

    public void Schedule(IThreadPoolWorkItem work) => ThreadPoolScheduler.Instance.Schedule(work);

    public void StartThread(string name, Action body) => ThreadPoolScheduler.Instance.StartThread(name, body);

    public IBlockingLane CreateLane(string name, int maxThreads) => this;
}
