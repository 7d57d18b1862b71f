using Peregrine.Server.Tools;

namespace Peregrine.Server.Filters;

/// <summary>Hands a call on, to the next filter or to the tool. When it ends the result is written, but not sent yet. Does not throw for what the tool does.</summary>
/// <param name="call">The call that the filter was given.</param>
public delegate ValueTask McpNext(McpCall call);
