using System.Security.Claims;

namespace Peregrine.Server.Duplex;

/// <summary>Who is at the other end of a connection that carries many calls, as its host knows.</summary>
/// <param name="Principal">By what it is told from others; null for an anonymous one.</param>
/// <param name="User">Its claims, or null.</param>
/// <param name="HostContext">What the host knows of the connection, or null.</param>
/// <param name="Transport">What carries the connection, in OpenTelemetry's words. Only the peer of a pipe is known without a name.</param>
/// <param name="ClientKey">For whom limits per client count; null: for the connection.</param>
internal sealed record ConnectionCaller(string? Principal, ClaimsPrincipal? User, object? HostContext, string Transport = "pipe", object? ClientKey = null)
{
    /// <summary>The peer of a pair of streams.</summary>
    internal static ConnectionCaller Unknown { get; } = new(null, null, null);
}
