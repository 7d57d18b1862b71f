using Peregrine.Server.Tools;

namespace Peregrine.Server.Filters;

/// <summary>
/// Surrounds calls of tools: looks at a call, hands it on, looks at what came of it; or answers it itself (with <see cref="McpCall.ReturnToolError"/> and its like) and does not hand it on. It sees
/// every call whose caller may call the tool, whose arguments are an object and, where the tool's schema was written by hand, valid; also those that are answered from a cache. What a tool throws arrives as a result and as <see cref="McpCall.Failure"/>; what
/// a filter throws is a failure of the call, as if the tool had thrown it. Called from many threads at once.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="next">Hands the call on. More than once runs it again; the last result counts.</param>
public delegate ValueTask McpFilter(McpCall call, McpNext next);
