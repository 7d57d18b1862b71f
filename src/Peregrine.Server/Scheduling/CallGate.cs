using Peregrine.Execution.Scheduling;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Scheduling;

/// <summary>Lets the calls of one tool, or of what else shares a limit, run within limits and until their deadline. Thread-safe.</summary>
internal sealed class CallGate(CallScheduler limits, CallClass callClass, CallTime time, IWorkScheduler work, ICallTarget target)
{
    private readonly DeadlineRuns? _runs = time.Timeout is null ? null : new DeadlineRuns(limits, time, work, target);

    /// <summary>What the calls are counted under.</summary>
    internal CallClass Class => callClass;

    /// <summary>Runs the call, or refuses it. Does not throw.</summary>
    internal ValueTask RunAsync(McpHandler handler, McpExchange exchange)
    {
        if (limits.TryEnter(callClass, limits.LimitsClients ? exchange.ClientKey : null, out var admission))
        {
            return RunAdmitted(handler, exchange, admission);
        }

        return EnterAsync(handler, exchange);
    }

    private async ValueTask EnterAsync(McpHandler handler, McpExchange exchange)
    {
        var admission = await limits.EnterAsync(callClass, exchange.ClientKey, exchange.CancellationToken).ConfigureAwait(false);
        if (admission.IsAdmitted)
        {
            await RunAdmitted(handler, exchange, admission).ConfigureAwait(false);
        }
        else
        {
            CallRefusals.Overloaded(exchange, admission);
        }
    }

    private ValueTask RunAdmitted(McpHandler handler, McpExchange exchange, in CallAdmission admission)
    {
        if (_runs is not null)
        {
            return _runs.RunAsync(handler, exchange, admission);
        }

        var running = target.RunAsync(handler, exchange);
        if (!running.IsCompletedSuccessfully)
        {
            return LeaveAsync(running, admission);
        }

        running.GetAwaiter().GetResult();
        limits.Leave(admission);
        return default;
    }

    private async ValueTask LeaveAsync(ValueTask running, CallAdmission admission)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            limits.Leave(admission);
        }
    }
}
