using Peregrine.Server.Fronts;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>A message that came over HTTP, and that may be one of the calls in flight of a session.</summary>
internal abstract class SessionCall : McpExchange
{
    // The chain of the session's calls. Fields under the session's lock.
    internal SessionCall? NextInSession;
    internal SessionCall? PreviousInSession;
}
