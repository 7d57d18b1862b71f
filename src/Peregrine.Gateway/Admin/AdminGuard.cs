using System.Net;
using Microsoft.AspNetCore.Http;
using Peregrine.Gateway.Configuration;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Security;

namespace Peregrine.Gateway.Admin;

/// <summary>
/// Says who may use the admin API. With a token configured: whoever shows it, from wherever. Without: whoever calls on this machine itself, under a loopback name and not through a proxy. Pages of other
/// origins may not in any case: a page of another port on this machine is somebody else's. Immutable and thread-safe.
/// </summary>
internal sealed class AdminGuard(HttpFrontOptions options, Func<AdminKey?> key)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    private readonly OriginGuard _origins = new(options);

    /// <summary>Judges a request.</summary>
    /// <returns>Why it is refused, or null.</returns>
    internal AdminRefusal? Refuse(HttpContext context)
    {
        if (_origins.Refuse(context) is { } why)
        {
            return new AdminRefusal(StatusCodes.Status403Forbidden, why);
        }

        if (!IsOfSameOrigin(context.Request))
        {
            return new AdminRefusal(StatusCodes.Status403Forbidden, "Forbidden: only the gateway's own page may use the admin API from a browser");
        }

        return key() is { } wanted ? JudgeToken(context.Request, wanted) : JudgePlace(context);
    }

    private static AdminRefusal? JudgeToken(HttpRequest request, AdminKey wanted)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && wanted.Matches(header[Scheme.Length..].Trim()))
        {
            return null;
        }

        return new AdminRefusal(StatusCodes.Status401Unauthorized, header.Length == 0
            ? "Unauthorized: the admin API asks for a token; send it as Authorization: Bearer TOKEN (peregrine.adminToken in the configuration names where it is)"
            : "Unauthorized: this is not the token of the admin API (peregrine.adminToken in the configuration names where it is)");
    }

    private static AdminRefusal? JudgePlace(HttpContext context) => IsLocal(context)
        ? null
        : new AdminRefusal(StatusCodes.Status403Forbidden,
            "Forbidden: without a token the admin API answers only on loopback, and not through a proxy; set peregrine.adminToken in the configuration to a reference such as \"${PEREGRINE_ADMIN_TOKEN}\"");

    private static bool IsLocal(HttpContext context)
    {
        var connection = context.Connection;
        return connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local)
            && IsLoopbackName(context.Request.Host.Host) && !Array.Exists(ProxyHeaders, context.Request.Headers.ContainsKey);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // A browser says where a request comes from in one way or the other; other programs say neither.
    private static bool IsOfSameOrigin(HttpRequest request)
    {
        if (request.Headers.Origin is { Count: > 0 } origin)
        {
            return Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var page) && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
                && page.Scheme == own.Scheme && page.Authority == own.Authority;
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }
}
