using Peregrine.Server.Tools;

namespace Peregrine.Server.Filters;

/// <summary>A filter, and which tools it surrounds (null: all).</summary>
internal sealed record ToolFilter(McpFilter Filter, Func<McpToolDefinition, bool>? AppliesTo);
