using Microsoft.Extensions.Logging;
using Peregrine.Execution.Caching;
using Peregrine.Execution.Instruments;
using Peregrine.Execution.Memory;
using Peregrine.Execution.Scheduling;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Switches;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Access;
using Peregrine.Server.Caching;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Filters;
using Peregrine.Server.Fronts;
using Peregrine.Server.Once;
using Peregrine.Server.Scheduling;
using Peregrine.Server.Tools;

namespace Peregrine.Server;

// What surrounds calls.
public sealed partial class PeregrineServer
{
    private CallScheduling _scheduling = null!;
    private ResultCaching _caching = null!;
    private OnceCalls _once = null!;

    /// <summary>The limits of calls, with what runs and waits now.</summary>
    public CallScheduler Limits => _scheduling.Limits;

    /// <summary>The results that are kept; through it they are dropped.</summary>
    public ResultCache Cache => _caching.Cache;

    /// <summary>What is known of calls that have a key.</summary>
    public ICallLedger Ledger { get; }

    /// <summary>The memory of replies on their way.</summary>
    public MemoryGovernor Memory { get; private set; } = null!;

    /// <summary>Single calls: those that run, those that have lately ended.</summary>
    public CallInstruments Instruments { get; private set; } = null!;

    /// <summary>What can be turned off while the server runs.</summary>
    public RuntimeSwitches Switches { get; } = new();

    /// <summary>Logs a failure that was no message for the caller, and gives the text that is.</summary>
    internal string ExplainFailure(McpExchange exchange, Exception exception)
    {
        var id = _invoker.NumberFailure();
        var (kind, name) = (exchange.Handler?.Kind ?? "tool", exchange.Handler?.Name ?? "");
        ToolLog.Failed(Loggers.CreateLogger("Peregrine.Server.Tools"), kind, name, id, exception);
        return $"The {kind} \"{name}\" failed. The server's log has the details under failure {id}.";
    }

    internal ResultCaching Caching => _caching;

    internal CallScheduling Scheduling => _scheduling;

    /// <summary>
    /// Makes the results of <see cref="PeregrineServerOptions.CacheWarmUp"/>, one after the other, so that the first callers find them: for callers without a name, in the latest revision of each era.
    /// </summary>
    /// <param name="cancellationToken">Ends it after the call under way.</param>
    /// <returns>How many results were stored.</returns>
    public async Task<int> WarmUpCacheAsync(CancellationToken cancellationToken = default)
    {
        var before = Cache.Statistics.Stored;
        foreach (var call in Options.CacheWarmUp)
        {
            foreach (var version in (ProtocolVersion[])[ProtocolVersions.LatestOfSessionEra, ProtocolVersions.Latest])
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var exchange = new WarmUpExchange(call, version);
                await RespondAsync(exchange).ConfigureAwait(false);
            }
        }

        return (int)(Cache.Statistics.Stored - before);
    }

    private CallInstruments CreateInstruments() =>
        Instruments = new CallInstruments(Options.Instruments, Options.TimeProvider, Loggers.CreateLogger("Peregrine.Execution.Instruments"),
            Switches.Add("call-records", "Records the calls that run and have lately ended, and logs slow ones.", Options.Instruments.RecordCalls));

    // Outermost first; ADR 0008 has the order.
    private Func<McpToolHandler, CallStep?>[] CreateSteps(FilterSource filters)
    {
        var adaptive = Switches.Add("adaptive-limits", "Lets latency and load lower the number of calls that run at once.");
        _scheduling = new CallScheduling(Options.Scheduling, Options.TimeProvider, Scheduler, adaptive);
        _caching = new ResultCaching(this, Switches.Add("cache", "Answers calls of tools and reads of resources from the result cache."));
        _once = new OnceCalls(this, Ledger, Switches.Add("ledger", "Runs calls that have a key once.", Options.Once.IsOn));
        Memory = new MemoryGovernor(Options.Memory, Options.TimeProvider, Loggers.CreateLogger("Peregrine.Execution.Memory"), _caching.Cache);
        return [AccessStep.StepFor, Validation.StepFor, filters.StepFor, _once.StepFor, _caching.InvalidatingStepFor, _caching.StepFor, _scheduling.StepFor, BeginBatching];
    }

    // Not a step: calls are gathered behind all of them, where arguments are bound.
    private CallStep? BeginBatching(McpToolHandler tool)
    {
        tool.BeginBatching(this);
        return null;
    }
}
