using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Dispatch;

/// <summary>
/// One thing that surrounds the calls of one tool: it answers the call itself, or hands it on, and may look at the reply afterwards. Made once for each tool that needs it, when
/// the tool is registered; a tool that needs none has no steps and pays for none. Implementations are thread-safe.
/// </summary>
internal abstract class CallStep
{
    private CallStep? _next;

    /// <summary>Answers the call, or hands it on with <see cref="NextAsync"/>. Does not throw: failures become replies.</summary>
    internal abstract ValueTask RunAsync(McpToolHandler tool, McpExchange exchange);

    /// <summary>Names the step behind this one; called once, before the tool can be called.</summary>
    internal void HandTo(CallStep next) => _next = next;

    /// <summary>Hands the call on. When it ends the reply is written, but not yet sent.</summary>
    private protected ValueTask NextAsync(McpToolHandler tool, McpExchange exchange)
    {
        // What this step has done is not the tool's time.
        exchange.TurnStart = 0;
        return PassAsync(tool, exchange);
    }

    /// <summary>Hands the call on where this step has nothing to do with it.</summary>
    private protected ValueTask PassAsync(McpToolHandler tool, McpExchange exchange) => _next!.RunAsync(tool, exchange);
}
