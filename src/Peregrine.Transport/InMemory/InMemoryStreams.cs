using Peregrine.Observability.Scheduling;

namespace Peregrine.Transport.InMemory;

/// <summary>
/// Two ends of a connection inside one process. What one end writes to its output, the other reads from its input. Bounded: a writer waits once the other end is
/// behind by 64 KiB.
/// </summary>
/// <remarks>
/// Connections and servers of this library read where the other end writes, on the writer's thread, and so save waking another one (docs/adr/0023-reading-where-the-other-end-writes.md). Nobody else's
/// code runs there.
/// </remarks>
public static class InMemoryStreams
{
    /// <summary>Makes a pair.</summary>
    /// <param name="scheduler">Runs all that one end's reading or writing wakes at the other; null for the thread pool, and the writer's thread where the reader allows it.</param>
    /// <returns>The streams of the client and those of the server; whoever uses an end disposes its two.</returns>
    public static (StreamPair Client, StreamPair Server) Create(IWorkScheduler? scheduler = null)
    {
        var toServer = InMemoryPipe.Create(scheduler);
        var toClient = InMemoryPipe.Create(scheduler);
        return (new StreamPair(toClient.Input, toServer.Output), new StreamPair(toServer.Input, toClient.Output));
    }
}
