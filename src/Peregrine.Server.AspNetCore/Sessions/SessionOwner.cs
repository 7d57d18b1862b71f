using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// Who may use a session. A session's id is a name, not a capability: where the host authenticates its callers, only the one that opened a session may use it (security best
/// practices, session hijacking).
/// </summary>
internal static class SessionOwner
{
    /// <summary>The authenticated caller of a request, or null. Makes nothing where the host authenticates nobody.</summary>
    internal static string? Of(HttpContext context)
    {
        if (UserOf(context) is not { Identity.IsAuthenticated: true } user)
        {
            return null;
        }

        return user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub") ?? user.Identity.Name ?? "";
    }

    /// <summary>For whom limits per client count: the caller, and where the host does not tell callers apart, the address from which the request came; null where neither is known.</summary>
    internal static object? ClientKeyOf(HttpContext context) => Of(context) ?? (object?)context.Connection.RemoteIpAddress;

    /// <summary>What carries a request, in OpenTelemetry's words.</summary>
    internal static string TransportOf(HttpContext context) => context.Request.Protocol == HttpProtocol.Http3 ? "quic" : "tcp";

    /// <summary>What the host knows of the caller of a request; null where it authenticates nobody.</summary>
    internal static ClaimsPrincipal? UserOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;
}
