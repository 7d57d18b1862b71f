using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Scheduling;

/// <summary>Runs prompts and resources within the server's limits.</summary>
internal sealed class LimitedTarget(ToolInvoker invoker) : ICallTarget
{
    public ValueTask RunAsync(McpHandler handler, McpExchange exchange) => invoker.InvokeLimited(handler, exchange);
}
