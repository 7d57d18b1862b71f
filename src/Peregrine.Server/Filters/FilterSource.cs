using Peregrine.Server.Dispatch;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Filters;

/// <summary>Gives each tool the step of its filters. Thread-safe.</summary>
internal sealed class FilterSource(PeregrineServer server, ToolInvoker invoker, ToolFilter[] filters)
{
    /// <summary>The step for a tool; null where no filter applies to it.</summary>
    internal CallStep? StepFor(McpToolHandler tool)
    {
        McpFilter[] applying = [.. filters.Where(filter => filter.AppliesTo?.Invoke(tool.Definition) != false).Select(static filter => filter.Filter)];
        return applying.Length == 0 ? null : new FilterStep(server, invoker, tool, applying);
    }
}
