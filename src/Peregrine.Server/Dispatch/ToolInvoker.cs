using Microsoft.Extensions.Logging;
using Peregrine.Execution.Memory;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Fronts;
using Peregrine.Server.Interaction;
using Peregrine.Server.Scheduling;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Dispatch;

/// <summary>
/// Runs tools, prompts and resources: on the caller's worker, or in the lane of blocking threads where the handler blocks, and turns exceptions into failures. Thread-safe.
/// </summary>
internal sealed class ToolInvoker : ICallTarget
{
    private readonly PeregrineServer _server;
    private readonly TimeProvider _time;
    private readonly IBlockingLane _lane;
    private readonly IBlockingLane _cpuLane;
    private readonly ILogger _logger;
    private readonly TimeSpan _threshold;
    private readonly long _thresholdTicks;
    private CallGate? _gate;
    private long _failures;

    internal ToolInvoker(PeregrineServer server, IWorkScheduler scheduler)
    {
        _server = server;
        _time = server.Options.TimeProvider;
        _lane = scheduler.CreateLane("Peregrine blocking tool", server.Options.MaxBlockingCalls);
        _cpuLane = scheduler.CreateLane("Peregrine CPU-bound tool", server.Options.Scheduling.MaxCpuBoundCalls);
        _logger = server.Loggers.CreateLogger("Peregrine.Server.Tools");
        _threshold = server.Options.BlockingThreshold;
        _thresholdTicks = (long)(_threshold.TotalSeconds * _time.TimestampFrequency);
    }

    /// <summary>Has the calls of prompts and resources pass the server's limits, where there are some. Tools have theirs among their steps.</summary>
    internal void UseGate(CallScheduling scheduling) => _gate = scheduling.GateFor("prompts and resources", this);

    /// <summary>Runs a prompt or a resource, within the server's limits.</summary>
    internal ValueTask InvokeLimited(McpHandler handler, McpExchange exchange) =>
        _gate is { } gate ? gate.RunAsync(handler, exchange) : InvokeAsync(handler, exchange);

    ValueTask ICallTarget.RunAsync(McpHandler handler, McpExchange exchange) => InvokeAsync(handler, exchange);

    internal ValueTask InvokeAsync(McpHandler handler, McpExchange exchange)
    {
        exchange.Handler = handler;
        return handler.IsBlocking ? InvokeInLane(handler, exchange) : InvokeHere(handler, exchange);
    }

    /// <summary>Runs the handler on this thread up to its first await.</summary>
    internal ValueTask InvokeHere(McpHandler handler, McpExchange exchange)
    {
        var started = exchange.TurnStart;
        if (started == 0)
        {
            started = _time.GetTimestamp();
        }

        ValueTask running;
        try
        {
            running = handler.InvokeAsync(new McpCall(exchange, _server));
        }
        catch (Exception exception)
        {
            Fail(handler, exchange, exception);
            running = default;
        }

        var ended = _time.GetTimestamp();
        if (ended - started >= _thresholdTicks || handler.IsBlocking)
        {
            handler.NoteSynchronousPart(_time.GetElapsedTime(started, ended), _threshold, _logger);
        }

        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, handler, exchange);
        }

        running.GetAwaiter().GetResult();
        exchange.SynchronousTicks = ended - started;
        exchange.SynchronousEnd = ended;
        if (exchange.MustEndState)
        {
            return EndStateAsync(handler, exchange);
        }

        Finish(handler, exchange);
        return default;
    }

    /// <summary>A number that a failure has in the log and towards the caller.</summary>
    internal long NumberFailure() => Interlocked.Increment(ref _failures);

    private async ValueTask AwaitAsync(ValueTask running, McpHandler handler, McpExchange exchange)
    {
        try
        {
            await running.ConfigureAwait(false);
            if (!exchange.MustEndState)
            {
                Finish(handler, exchange);
                return;
            }
        }
        catch (Exception exception)
        {
            Fail(handler, exchange, exception);
        }

        if (exchange.MustEndState)
        {
            await EndStateAsync(handler, exchange).ConfigureAwait(false);
        }
    }

    // Before the reply is sent: what ends with the call may fail, and who has the reply may count on it having ended.
    private async ValueTask EndStateAsync(McpHandler handler, McpExchange exchange)
    {
        try
        {
            await exchange.EndStateAsync().ConfigureAwait(false);
            Finish(handler, exchange);
        }
        catch (Exception exception)
        {
            Fail(handler, exchange, exception);
        }
    }

    private ValueTask InvokeInLane(McpHandler handler, McpExchange exchange)
    {
        exchange.TurnStart = 0;
        var work = new LaneCall(this, handler, exchange);
        (handler.IsCpuBound ? _cpuLane : _lane).Schedule(work);
        return new ValueTask(work.Completion);
    }

    private void Finish(McpHandler handler, McpExchange exchange)
    {
        if (exchange.Interaction is not null && InteractionReplies.TryAnswer(exchange, _server))
        {
            return;
        }

        if (exchange.Reply.Length == 0)
        {
            handler.ReturnNothing(exchange, _server);
        }
    }

    /// <summary>Turns an exception into the failure that its call is answered with.</summary>
    internal void Fail(McpHandler handler, McpExchange exchange, Exception exception)
    {
        exchange.Failure = exception;
        if (InteractionReplies.TryAnswer(exchange, _server, exception))
        {
            return;
        }

        if (exception is ResourceExhaustedException exhausted)
        {
            exchange.Fail(ErrorCodes.ResourceExhausted, exhausted.Message, exhausted.IsRetryable ? "{\"retryable\":true}"u8 : "{\"retryable\":false}"u8);
            return;
        }

        if (exception is McpToolException or McpMissingCapabilityException or McpUrlRequiredException)
        {
            handler.ReturnFailure(exchange, _server, exception.Message);
            return;
        }

        // Over HTTP only the token knows that the caller has gone.
        if (exception is OperationCanceledException && (exchange.IsCancelled || exchange.CancellationToken.IsCancellationRequested))
        {
            handler.ReturnFailure(exchange, _server, "The call was cancelled.");
            return;
        }

        var id = NumberFailure();
        ToolLog.Failed(_logger, handler.Kind, handler.Name, id, exception);
        handler.ReturnFailure(exchange, _server, $"The {handler.Kind} \"{handler.Name}\" failed. The server's log has the details under failure {id}.");
    }
}
