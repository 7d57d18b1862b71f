using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Dispatch;

/// <summary>Puts together, for each tool once, what surrounds its calls. The order is the same for every tool and every front; ADR 0008 has the reasons.</summary>
internal sealed class CallPipeline
{
    private readonly Func<McpToolHandler, CallStep?>[] _sources;
    private readonly Invocation _invocation;

    /// <summary>Makes a pipeline.</summary>
    /// <param name="invoker">Runs the tool in the end.</param>
    /// <param name="sources">What may surround a tool, outermost first: each gives its step for a tool, or null where it has nothing to do with it.</param>
    internal CallPipeline(ToolInvoker invoker, params Func<McpToolHandler, CallStep?>[] sources)
    {
        _invocation = new Invocation(invoker);
        _sources = sources;
    }

    /// <summary>Makes the steps of a tool; called when it is registered.</summary>
    /// <returns>The first; null where nothing surrounds the tool.</returns>
    internal CallStep? Prepare(McpToolHandler tool)
    {
        CallStep first = _invocation;
        for (var i = _sources.Length - 1; i >= 0; i--)
        {
            if (_sources[i](tool) is { } step)
            {
                step.HandTo(first);
                first = step;
            }
        }

        return ReferenceEquals(first, _invocation) ? null : first;
    }

    private sealed class Invocation(ToolInvoker invoker) : CallStep
    {
        internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange) => invoker.InvokeAsync(tool, exchange);
    }
}
