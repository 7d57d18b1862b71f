#pragma warning disable RS0030 // This file is the scheduler seam: what it wraps is banned everywhere else.
namespace Peregrine.Observability.Scheduling;

/// <summary>Runs work on the .NET thread pool and on threads of its own. The scheduler of every real process.</summary>
public sealed class ThreadPoolScheduler : IWorkScheduler
{
    private ThreadPoolScheduler()
    {
    }

    /// <summary>The only instance.</summary>
    public static ThreadPoolScheduler Instance { get; } = new();

    /// <inheritdoc/>
    public void Schedule(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <inheritdoc/>
    public void StartThread(string name, Action body)
    {
        var thread = new Thread(static state => ((Action)state!)()) { Name = name, IsBackground = true };
        thread.UnsafeStart(body);
    }

    /// <inheritdoc/>
    public IBlockingLane CreateLane(string name, int maxThreads) => new BlockingLane(this, name, maxThreads);
}
