using Peregrine.Observability.Scheduling;

namespace Peregrine.Simulation.World;

/// <summary>The scheduler of a process.</summary>
internal sealed class SimScheduler(SimWorld world, SimProcess process) : IWorkScheduler, IBlockingLane
{
    public void Schedule(IThreadPoolWorkItem work) => world.Enqueue(process, work);

    public void StartThread(string name, Action body) => throw new NotSupportedException("There is one thread.");

    public IBlockingLane CreateLane(string name, int maxThreads) => this;
}
