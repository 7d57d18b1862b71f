namespace Peregrine.Server.Fronts;

/// <summary>
/// What answers MCP messages. A front (stdio, HTTP, in memory) knows framing, eras and sessions and hands every message to one responder; a server
/// answers from its registry, a gateway from its upstreams. Implementations are thread-safe.
/// </summary>
public interface IMcpResponder
{
    /// <summary>
    /// Answers one request, or takes note of one notification. For a request the reply must be complete in <paramref name="exchange"/> when the task
    /// ends; the front then sends it. An exception becomes error -32603.
    /// </summary>
    /// <param name="exchange">The message and the place of its reply; valid until the task ends.</param>
    ValueTask RespondAsync(McpExchange exchange);
}
