using System.IO.Pipelines;
using Peregrine.Observability.Scheduling;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.InMemory;

/// <summary>One direction of an in-memory connection: one writes, one reads.</summary>
internal sealed class InMemoryPipe
{
    // The pipe that this thread is writing to, the innermost of several.
    [ThreadStatic]
    private static InMemoryPipe? t_written;

    private readonly Pipe _pipe;
    private readonly bool _mayWakeOnWriter;
    private volatile bool _wakesOnWriter;

    private InMemoryPipe(IWorkScheduler? scheduler)
    {
        var work = new WorkPipeScheduler(scheduler ?? ThreadPoolScheduler.Instance);
        _mayWakeOnWriter = scheduler is null;
        _pipe = new Pipe(new PipeOptions(readerScheduler: new ReaderScheduler(this, work), writerScheduler: work, useSynchronizationContext: false));
    }

    /// <summary>True on a thread that is writing to this pipe, and so where it is the writer's thread on which the reader was woken.</summary>
    internal bool IsOnWriter => ReferenceEquals(t_written, this);

    /// <summary>Makes a pipe.</summary>
    /// <param name="scheduler">Runs what reading and writing wake; null for the thread pool, and the writer's thread for a reader that allows it.</param>
    /// <returns>Its two ends; whoever uses one disposes it.</returns>
    internal static (InMemoryInput Input, InMemoryOutput Output) Create(IWorkScheduler? scheduler)
    {
        var pipe = new InMemoryPipe(scheduler);
        return (new InMemoryInput(pipe, pipe._pipe.Reader), new InMemoryOutput(pipe, pipe._pipe.Writer));
    }

    /// <summary>Has the reader woken on the thread that writes: its promise that it takes what is there, calls nobody's code and comes back soon.</summary>
    internal void WakeOnWriter() => _wakesOnWriter = _mayWakeOnWriter;

    internal ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var outer = t_written;
        t_written = this;
        try
        {
            return _pipe.Writer.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            t_written = outer;
        }
    }

    // Only a write wakes on its own thread: who cancels, or closes an end, does not expect to do the reader's work.
    private sealed class ReaderScheduler(InMemoryPipe pipe, PipeScheduler otherwise) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (pipe._wakesOnWriter && pipe.IsOnWriter)
            {
                action(state);
            }
            else
            {
                otherwise.Schedule(action, state);
            }
        }
    }

    private sealed class WorkPipeScheduler(IWorkScheduler scheduler) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => scheduler.Schedule(Work.For(action, state));

        // Pooled: every message that another thread takes wakes it this way.
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
