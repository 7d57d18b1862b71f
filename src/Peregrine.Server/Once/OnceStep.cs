using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Once;

/// <summary>Runs the calls of one tool that have a key once. Calls that say nothing of keys pass through, and pay nothing.</summary>
internal sealed class OnceStep(OnceCalls calls) : CallStep
{
    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange) =>
        calls.IsOn && TransactionReader.IsPresent(exchange) ? new KeyedCall(calls, this, tool, exchange).RunAsync() : PassAsync(tool, exchange);

    internal ValueTask RunToolAsync(McpToolHandler tool, McpExchange exchange) => NextAsync(tool, exchange);
}
