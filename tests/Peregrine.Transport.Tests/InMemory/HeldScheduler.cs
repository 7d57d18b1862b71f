using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.Tests.InMemory;

/// <summary>Keeps work until it is told to run it.</summary>
internal sealed class HeldScheduler : IWorkScheduler
{
    private readonly Queue<IThreadPoolWorkItem> _work = [];

    public int Count => _work.Count;

    public void Schedule(IThreadPoolWorkItem work) => _work.Enqueue(work);

    /// <summary>Runs what waits, and gives how much it was.</summary>
    public int RunAll()
    {
        var count = 0;
        while (_work.TryDequeue(out var work))
        {
            work.Execute();
            count++;
        }

        return count;
    }

    public void StartThread(string name, Action body) => throw new NotSupportedException();

    public IBlockingLane CreateLane(string name, int maxThreads) => throw new NotSupportedException();
}
