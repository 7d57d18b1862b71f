using Microsoft.AspNetCore.Http;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Hosting;

/// <summary>What a call has over HTTP.</summary>
public static class McpCallExtensions
{
    /// <summary>
    /// The HTTP request that brought the call; null where it did not come over HTTP. For HTTP+SSE the request that opened the stream, which all calls of the client share. Not thread-safe, and
    /// not to be used after the call. In a session of the older revisions the call goes on when the client breaks the connection off.
    /// </summary>
    /// <param name="call">The call.</param>
    public static HttpContext? HttpContext(this McpCall call) => call.Exchange.HostContext as HttpContext;
}
