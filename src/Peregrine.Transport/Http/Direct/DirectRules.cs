using System.Net;

namespace Peregrine.Transport.Http.Direct;

/// <summary>Which endpoints are spoken to over sockets of our own: HTTP/1.1 in clear, without a proxy between, and with headers that need no thought. The others go through the framework.</summary>
internal static class DirectRules
{
    // What the request itself says.
    private static readonly string[] Taken = ["Host", "Connection", "Transfer-Encoding", "Expect", "Upgrade", "TE", "Trailer"];

    internal static bool Allow(HttpConnectionOptions options) =>
        options.Endpoint.Scheme == Uri.UriSchemeHttp
        && options.Endpoint.UserInfo.Length == 0
        && options.HttpVersion == HttpVersion.Version11
        && HttpClient.DefaultProxy.IsBypassed(options.Endpoint)
        && IsPlain(options.Endpoint.PathAndQuery)
        && options.Headers.All(static header => IsPlain(header.Value) && !IsTaken(header.Key));

    /// <summary>True for visible ASCII characters and spaces.</summary>
    internal static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsTaken(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || Taken.Contains(name, StringComparer.OrdinalIgnoreCase);
}
