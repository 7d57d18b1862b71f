using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.InMemory;

/// <summary>
/// Work that a thread does itself instead of waking another for it. Who ends a piece of work with a write opens a place for as long as the write takes; what the reader at the other end, in the same process, would
/// have a worker do is put there, and is run when the write is over and the thread holds nothing any more. Of several pieces only the last is kept.
/// </summary>
internal static class KeptWork
{
    [ThreadStatic]
    private static bool t_isOpen;

    [ThreadStatic]
    private static IThreadPoolWorkItem? t_work;

    [ThreadStatic]
    private static IWorkScheduler? t_scheduler;

    /// <summary>Opens this thread's place. Call <see cref="Close"/> before anything runs that may block.</summary>
    internal static void Open() => t_isOpen = true;

    /// <summary>Keeps the work where this thread has a place, else has the scheduler run it.</summary>
    internal static void Schedule(IThreadPoolWorkItem work, IWorkScheduler scheduler)
    {
        if (!t_isOpen)
        {
            scheduler.Schedule(work);
            return;
        }

        Release();
        (t_work, t_scheduler) = (work, scheduler);
    }

    /// <summary>Has the scheduler run what is kept: the thread will be busy for longer.</summary>
    internal static void Release()
    {
        if (t_work is { } work)
        {
            var scheduler = t_scheduler!;
            (t_work, t_scheduler) = (null, null);
            scheduler.Schedule(work);
        }
    }

    /// <summary>Closes the place.</summary>
    /// <returns>What is now the caller's to run, as the last thing it does; null where nothing was kept.</returns>
    internal static IThreadPoolWorkItem? Close()
    {
        var work = t_work;
        (t_isOpen, t_work, t_scheduler) = (false, null, null);
        return work;
    }
}
