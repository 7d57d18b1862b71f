using System.Net;
using Microsoft.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Server.AspNetCore.Security;

/// <summary>
/// Keeps web pages of strangers away (2026-07-28 and older, transports, security): a page that rebinds its own name to this machine shows itself by the Host header, any other
/// by the Origin header. Immutable and thread-safe.
/// </summary>
internal sealed class OriginGuard(HttpFrontOptions options)
{
    private readonly HashSet<string> _hosts = new(options.AllowedHosts, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _origins = new(options.AllowedOrigins.Select(static origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
    private readonly bool _anyOrigin = options.AllowedOrigins.Contains("*");

    /// <summary>Judges a request.</summary>
    /// <returns>Why it is refused, or null.</returns>
    internal string? Refuse(HttpContext context)
    {
        var request = context.Request;
        var host = HostName(request.Headers.Host.ToString());
        var local = context.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address);
        if (!IsHostAllowed(host, local))
        {
            return "Forbidden: this host name is not allowed here; add it to the allowed hosts of the server";
        }

        return request.Headers.Origin is { Count: > 0 } origin && !IsOriginAllowed(origin.ToString(), host, local)
            ? "Forbidden: pages of this origin may not call; add it to the allowed origins of the server"
            : null;
    }

    private bool IsHostAllowed(ReadOnlySpan<char> host, bool local) =>
        _hosts.Count > 0
            ? _hosts.GetAlternateLookup<ReadOnlySpan<char>>().Contains(host) || (local && IsLoopbackName(host))
            : !local || IsLoopbackName(host);

    private bool IsOriginAllowed(string origin, ReadOnlySpan<char> host, bool local)
    {
        if (_anyOrigin || _origins.Contains(origin.TrimEnd('/')))
        {
            return true;
        }

        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page))
        {
            return false;
        }

        return local ? IsLoopbackName(page.Host) : host.Equals(page.Host, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLoopbackName(ReadOnlySpan<char> host) =>
        host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (host.StartsWith("127.", StringComparison.Ordinal) && IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static ReadOnlySpan<char> HostName(string header)
    {
        var colon = header.LastIndexOf(':');
        return colon < 0 || header.EndsWith(']') ? header : header.AsSpan(0, colon);
    }
}
