using System.IO.Pipelines;
using Peregrine.Observability.Scheduling;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.InMemory;

/// <summary>
/// Two ends of a connection inside one process. What one end writes to its output, the other reads from its input. Bounded: a writer waits once the other end is
/// behind by 64 KiB.
/// </summary>
public static class InMemoryStreams
{
    /// <summary>Makes a pair.</summary>
    /// <param name="scheduler">Runs what one end's reading or writing wakes at the other; null for the thread pool.</param>
    /// <returns>The streams of the client and those of the server; whoever uses an end disposes its two.</returns>
    public static (StreamPair Client, StreamPair Server) Create(IWorkScheduler? scheduler = null)
    {
        var bridge = new WorkPipeScheduler(scheduler ?? ThreadPoolScheduler.Instance);
        var options = new PipeOptions(readerScheduler: bridge, writerScheduler: bridge, useSynchronizationContext: false);
        var toServer = new Pipe(options);
        var toClient = new Pipe(options);
        return (
            new StreamPair(toClient.Reader.AsStream(), toServer.Writer.AsStream()),
            new StreamPair(toServer.Reader.AsStream(), toClient.Writer.AsStream()));
    }

    private sealed class WorkPipeScheduler(IWorkScheduler scheduler) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => scheduler.Schedule(Work.For(action, state));

        // Pooled: every message wakes both ends.
        private sealed class Work : IThreadPoolWorkItem
        {
            private static readonly ObjectStack<Work> Pool = new(256);

            private Action<object?>? _action;
            private object? _state;

            internal static Work For(Action<object?> action, object? state)
            {
                var work = Pool.TryPop() ?? new Work();
                work._action = action;
                work._state = state;
                return work;
            }

            public void Execute()
            {
                var (action, state) = (_action!, _state);
                _action = null;
                _state = null;
                Pool.TryPush(this);
                action(state);
            }
        }
    }
}
