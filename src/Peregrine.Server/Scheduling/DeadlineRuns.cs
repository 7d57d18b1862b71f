using System.Collections.Concurrent;
using Peregrine.Execution.Scheduling;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Scheduling;

/// <summary>Runs calls that have a deadline, each on a copy of its request, so that a caller is answered in time whatever the tool does. Thread-safe.</summary>
internal sealed class DeadlineRuns(CallScheduler limits, CallTime time, IWorkScheduler work, ICallTarget target)
{
    private const int MaxSpare = 64;

    private readonly ConcurrentQueue<DeadlineRun> _spare = new();

    internal CallScheduler Limits => limits;

    internal CallTime Time => time;

    internal ICallTarget Target => target;

    internal ValueTask RunAsync(McpHandler handler, McpExchange caller, in CallAdmission admission)
    {
        if (!_spare.TryDequeue(out var run))
        {
            run = new DeadlineRun(this);
        }

        var answered = run.Begin(handler, caller, admission);

        // A tool that never awaits would hold the caller's thread, on which the caller is to be answered.
        if (handler.IsBlocking)
        {
            run.Execute();
        }
        else
        {
            work.Schedule(run);
        }

        return answered;
    }

    internal void Return(DeadlineRun run)
    {
        if (_spare.Count < MaxSpare)
        {
            _spare.Enqueue(run);
        }
        else
        {
            run.Dispose();
        }
    }
}
