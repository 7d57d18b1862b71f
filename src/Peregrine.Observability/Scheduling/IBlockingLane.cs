namespace Peregrine.Observability.Scheduling;

/// <summary>Threads for work that blocks, so that it starves nobody. Thread-safe.</summary>
public interface IBlockingLane
{
    /// <summary>Queues <paramref name="work"/>; it runs in order of arrival as threads come free.</summary>
    /// <param name="work">The work; it may block and must not throw.</param>
    void Schedule(IThreadPoolWorkItem work);
}
