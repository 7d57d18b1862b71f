using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Scheduling;

/// <summary>Lets the calls of a tool run within limits and until their deadline.</summary>
internal sealed class SchedulingStep : CallStep, ICallTarget
{
    private readonly CallGate _gate;

    internal SchedulingStep(Func<ICallTarget, CallGate> gate) => _gate = gate(this);

    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange) => _gate.RunAsync(tool, exchange);

    ValueTask ICallTarget.RunAsync(McpHandler handler, McpExchange exchange) => NextAsync((McpToolHandler)handler, exchange);
}
