using System.Collections.Concurrent;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Server.Validation;

/// <summary>
/// Compiles schemas in the background, so that the first call of a tool does not, and that the log names those that cannot be compiled. Begins some time after the first client has come, and not before
/// the first reply. Thread-safe.
/// </summary>
internal sealed class SchemaPreparation(IWorkScheduler scheduler, TimeProvider time) : IThreadPoolWorkItem
{
    // A client that has listed the tools needs its model's answer before it calls one; a server that is measured from its start is measured alone.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<WeakReference<ToolSchema>> _waiting = new();
    private ITimer? _timer;
    private int _begun;
    private int _isRunning;

    /// <summary>Takes a schema; it may be dropped with its tool before its turn comes.</summary>
    internal void Add(ToolSchema schema)
    {
        _waiting.Enqueue(new WeakReference<ToolSchema>(schema));
        if (Volatile.Read(ref _begun) == 2)
        {
            Start();
        }
    }

    /// <summary>Notes that a client has come.</summary>
    internal void Begin()
    {
        if (Volatile.Read(ref _begun) == 0 && !_waiting.IsEmpty && Interlocked.CompareExchange(ref _begun, 1, 0) == 0)
        {
            // Else the timer would keep alive whatever flows with the request that happened to be the first.
            using (ExecutionContext.SuppressFlow())
            {
                _timer = time.CreateTimer(static state => ((SchemaPreparation)state!).Wake(), this, Delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Compiles what waits.</summary>
    public void Execute()
    {
        do
        {
            while (_waiting.TryDequeue(out var waiting))
            {
                if (waiting.TryGetTarget(out var schema))
                {
                    _ = schema.TryGet(out _);
                }
            }

            Volatile.Write(ref _isRunning, 0);
        }
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _isRunning, 1) == 0);
    }

    private void Wake()
    {
        Volatile.Write(ref _begun, 2);
        _timer?.Dispose();
        Start();
    }

    private void Start()
    {
        if (!_waiting.IsEmpty && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            scheduler.Schedule(this);
        }
    }
}
