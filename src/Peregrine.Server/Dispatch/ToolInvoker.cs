using Microsoft.Extensions.Logging;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Fronts;
using Peregrine.Server.Interaction;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Dispatch;

/// <summary>
/// Runs tools: on the caller's worker, or in the lane of blocking threads where the tool blocks, and turns exceptions into results. Thread-safe.
/// </summary>
internal sealed class ToolInvoker
{
    private readonly PeregrineServer _server;
    private readonly TimeProvider _time;
    private readonly IBlockingLane _lane;
    private readonly ILogger _logger;
    private readonly TimeSpan _threshold;
    private long _failures;

    internal ToolInvoker(PeregrineServer server, IWorkScheduler scheduler)
    {
        _server = server;
        _time = server.Options.TimeProvider;
        _lane = scheduler.CreateLane("Peregrine blocking tool", server.Options.MaxBlockingCalls);
        _logger = server.Loggers.CreateLogger("Peregrine.Server.Tools");
        _threshold = server.Options.BlockingThreshold;
    }

    internal ValueTask InvokeAsync(McpToolHandler tool, McpExchange exchange) =>
        tool.IsBlocking ? InvokeInLane(tool, exchange) : InvokeHere(tool, exchange);

    /// <summary>Runs the tool on this thread up to its first await.</summary>
    internal ValueTask InvokeHere(McpToolHandler tool, McpExchange exchange)
    {
        var started = _time.GetTimestamp();
        ValueTask running;
        try
        {
            running = tool.InvokeAsync(new McpCall(exchange, _server));
        }
        catch (Exception exception)
        {
            Fail(tool, exchange, exception);
            running = default;
        }

        var ended = _time.GetTimestamp();
        tool.NoteSynchronousPart(_time.GetElapsedTime(started, ended), _threshold, _logger);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, tool, exchange);
        }

        running.GetAwaiter().GetResult();
        exchange.SynchronousTicks = ended - started;
        exchange.SynchronousEnd = ended;
        Finish(exchange);
        return default;
    }

    private async ValueTask AwaitAsync(ValueTask running, McpToolHandler tool, McpExchange exchange)
    {
        try
        {
            await running.ConfigureAwait(false);
            Finish(exchange);
        }
        catch (Exception exception)
        {
            Fail(tool, exchange, exception);
        }
    }

    private ValueTask InvokeInLane(McpToolHandler tool, McpExchange exchange)
    {
        var work = new LaneCall(this, tool, exchange);
        _lane.Schedule(work);
        return new ValueTask(work.Completion);
    }

    // A handler written by hand may return without a result: that is a result without content.
    private void Finish(McpExchange exchange)
    {
        if (exchange.Interaction is not null && InteractionReplies.TryAnswer(exchange, _server))
        {
            return;
        }

        if (exchange.Reply.Length == 0)
        {
            new McpCall(exchange, _server).ReturnNothing();
        }
    }

    private void Fail(McpToolHandler tool, McpExchange exchange, Exception exception)
    {
        if (InteractionReplies.TryAnswer(exchange, _server, exception))
        {
            return;
        }

        if (exception is McpToolException or McpMissingCapabilityException or McpUrlRequiredException)
        {
            ToolResultWriter.WriteToolError(exchange, _server, exception.Message);
            return;
        }

        // Over HTTP only the token knows that the caller has gone.
        if (exception is OperationCanceledException && (exchange.IsCancelled || exchange.CancellationToken.IsCancellationRequested))
        {
            ToolResultWriter.WriteToolError(exchange, _server, "The call was cancelled.");
            return;
        }

        var id = Interlocked.Increment(ref _failures);
        ToolLog.Failed(_logger, tool.Definition.Name, id, exception);
        ToolResultWriter.WriteToolError(exchange, _server,
            $"The tool \"{tool.Definition.Name}\" failed. The server's log has the details under failure {id}.");
    }
}
