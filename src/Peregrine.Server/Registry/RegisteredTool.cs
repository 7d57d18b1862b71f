using Peregrine.Server.Dispatch;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>A tool in the registry of one server: the same tool may be in those of several, and each surrounds its calls with steps of its own.</summary>
/// <param name="Handler">The tool.</param>
/// <param name="FirstStep">What surrounds its calls; null where nothing does.</param>
internal sealed record RegisteredTool(McpToolHandler Handler, CallStep? FirstStep);
