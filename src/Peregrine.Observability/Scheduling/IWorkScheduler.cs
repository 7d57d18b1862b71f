namespace Peregrine.Observability.Scheduling;

/// <summary>
/// The one place through which Peregrine starts work. Everything that would otherwise use the thread pool, a thread of its own or a
/// lane of blocking threads goes through here, so that a simulation can run the same code on a scheduler of its own (docs/adr/0003-scheduler-seam.md).
/// Implementations are thread-safe.
/// </summary>
public interface IWorkScheduler
{
    /// <summary>Queues <paramref name="work"/> to run soon on a shared worker. Does not flow the execution context.</summary>
    /// <param name="work">The work; it must not block for long and must not throw.</param>
    void Schedule(IThreadPoolWorkItem work);

    /// <summary>Starts a thread for a loop that blocks, such as a reader of standard input. It is a background thread.</summary>
    /// <param name="name">The thread's name in debuggers and traces.</param>
    /// <param name="body">Runs once; must not throw.</param>
    void StartThread(string name, Action body);

    /// <summary>Makes a lane of threads for work that blocks, apart from the shared workers.</summary>
    /// <param name="name">Name of the threads.</param>
    /// <param name="maxThreads">How many pieces of work may run at once, 1 or more. Threads start on demand and end when idle.</param>
    IBlockingLane CreateLane(string name, int maxThreads);
}
