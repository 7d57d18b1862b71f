using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Scheduling;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Caching;

/// <summary>Answers the calls of a tool from the cache.</summary>
internal sealed class CachingStep : CallStep, ICallTarget
{
    private readonly CachedCalls _calls;

    internal CachingStep(Func<ICallTarget, CachedCalls> calls) => _calls = calls(this);

    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange) => _calls.RunAsync(tool, exchange, tool.Definition.Name);

    ValueTask ICallTarget.RunAsync(McpHandler handler, McpExchange exchange) => NextAsync((McpToolHandler)handler, exchange);
}
