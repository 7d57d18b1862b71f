using Peregrine.Server.Dispatch;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Filters;

/// <summary>Gives each tool the step of its filters. Thread-safe.</summary>
internal sealed class FilterSource(PeregrineServer server, ToolInvoker invoker, ToolFilter[] filters)
{
    /// <summary>The step for a tool; null where no filter applies to it.</summary>
    internal CallStep? StepFor(McpToolHandler tool)
    {
        List<McpFilter> applying = [];
        foreach (var filter in filters)
        {
            if (filter.AppliesTo?.Invoke(tool.Definition) != false)
            {
                applying.Add(filter.Filter);
            }
        }

        return applying.Count == 0 ? null : new FilterStep(server, invoker, tool, applying.ToArray());
    }
}
