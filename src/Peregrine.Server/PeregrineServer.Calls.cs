using Peregrine.Execution.Scheduling;
using Peregrine.Execution.Switches;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Scheduling;
using Peregrine.Server.Tools;

namespace Peregrine.Server;

// What surrounds calls.
public sealed partial class PeregrineServer
{
    private CallScheduling _scheduling = null!;

    /// <summary>The limits of calls, with what runs and waits now.</summary>
    public CallScheduler Limits => _scheduling.Limits;

    /// <summary>What can be turned off while the server runs.</summary>
    public RuntimeSwitches Switches { get; } = new();

    // Outermost first; ADR 0008 has the order.
    private Func<McpToolHandler, CallStep?>[] CreateSteps()
    {
        var adaptive = Switches.Add("adaptive-limits", "Lets latency and load lower the number of calls that run at once.");
        _scheduling = new CallScheduling(Options.Scheduling, Options.TimeProvider, Scheduler, adaptive);
        return [_scheduling.StepFor];
    }
}
