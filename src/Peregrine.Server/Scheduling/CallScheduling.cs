using System.Runtime.CompilerServices;
using Peregrine.Execution.Scheduling;
using Peregrine.Execution.Switches;
using Peregrine.Observability.Scheduling;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Scheduling;

/// <summary>Limits and deadlines of one server's calls. Thread-safe.</summary>
internal sealed class CallScheduling
{
    private readonly SchedulingOptions _options;
    private readonly TimeProvider _time;
    private readonly IWorkScheduler _work;
    private readonly ConditionalWeakTable<McpToolHandler, CallClass> _classes = [];

    internal CallScheduling(SchedulingOptions options, TimeProvider time, IWorkScheduler work, RuntimeSwitch adaptive)
    {
        _options = options;
        _time = time;
        _work = work;
        Limits = new CallScheduler(options, time, adaptive);
    }

    /// <summary>Who counts and lets run.</summary>
    internal CallScheduler Limits { get; }

    /// <summary>What the calls of a tool are counted under; null where nothing limits them.</summary>
    internal CallClass? ClassOf(McpToolHandler tool) => _classes.TryGetValue(tool, out var callClass) ? callClass : null;

    /// <summary>The step of a tool; null where nothing limits it.</summary>
    internal SchedulingStep? StepFor(McpToolHandler tool)
    {
        var definition = tool.Definition;
        var limit = definition.CpuBound ? Math.Min(definition.MaxConcurrency ?? int.MaxValue, _options.MaxCpuBoundCalls) : definition.MaxConcurrency;
        if (!_options.LimitsEveryCall && limit is null && definition.Timeout is null)
        {
            return null;
        }

        var tier = definition.Tier switch { McpToolTier.Fast => CallTier.Fast, McpToolTier.Slow => CallTier.Slow, _ => CallTier.Normal };
        var callClass = CallScheduler.CreateClass(definition.Name, tier, limit);
        _classes.AddOrUpdate(tool, callClass);
        return new SchedulingStep(target => new CallGate(Limits, callClass, Time(definition.Timeout), _work, target));
    }

    /// <summary>What prompts or resources pass, who have no limits of their own; null where nothing limits them.</summary>
    internal CallGate? GateFor(string name, ICallTarget target) => _options.LimitsEveryCall
        ? new CallGate(Limits, CallScheduler.CreateClass(name), Time(timeout: null), _work, target)
        : null;

    private CallTime Time(TimeSpan? timeout)
    {
        var without = timeout ?? _options.CallTimeout;

        // A tool that says of itself that it needs longer has that time.
        return new CallTime(without, without > _options.MaxCallTime ? without.Value : _options.MaxCallTime, _time);
    }
}
