using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Scheduling;

/// <summary>Where a call goes once it may run.</summary>
internal interface ICallTarget
{
    /// <summary>Runs the call; when it ends the reply is written. Does not throw.</summary>
    ValueTask RunAsync(McpHandler handler, McpExchange exchange);
}
